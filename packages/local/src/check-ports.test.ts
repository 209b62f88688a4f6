import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkPorts, portsOf } from './check-ports.ts';
import { type LocalSettings, readLocalSettings } from './config.ts';

describe('checkPorts', () => {
  it('names the port that is in use and the setting to change', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    const settings = settingsOf({ CANDLECAST_GATEWAY_PORT: `${port}` });
    await expect(checkPorts(settings, ['CANDLECAST_GATEWAY_PORT'])).rejects.toMatchObject({
      code: 'port_in_use',
      message: `port ${port} is in use by another program: set CANDLECAST_GATEWAY_PORT to another port`,
    });
    holder.close();
  });

  it('chooses a free port for each 0', async () => {
    const settings = settingsOf({ CANDLECAST_GATEWAY_PORT: '0', CANDLECAST_WEB_PORT: '0' });
    const { CANDLECAST_GATEWAY_PORT, CANDLECAST_WEB_PORT } = await checkPorts(settings, ['CANDLECAST_GATEWAY_PORT', 'CANDLECAST_WEB_PORT']);
    expect(CANDLECAST_GATEWAY_PORT).toBeGreaterThan(0);
    expect(CANDLECAST_WEB_PORT).not.toBe(CANDLECAST_GATEWAY_PORT);
  });

  it('names two settings that want the same port', async () => {
    const { CANDLECAST_WEB_PORT: free } = await checkPorts(settingsOf({ CANDLECAST_WEB_PORT: '0' }), ['CANDLECAST_WEB_PORT']);
    const settings = settingsOf({ CANDLECAST_WEB_PORT: `${free}`, CANDLECAST_SIM_PORT: `${free}` });
    await expect(checkPorts(settings, ['CANDLECAST_WEB_PORT', 'CANDLECAST_SIM_PORT'])).rejects.toThrow(
      `CANDLECAST_WEB_PORT and CANDLECAST_SIM_PORT are both ${free}`,
    );
  });
});

describe('portsOf', () => {
  it('leaves out the database that is not ours and the simulator that cannot run', () => {
    expect(portsOf(settingsOf({}), false)).toContain('CANDLECAST_SIM_PORT');
    expect(portsOf(settingsOf({}), true)).not.toContain('CANDLECAST_SIM_PORT');
    expect(portsOf(settingsOf({ CANDLECAST_SOURCE: 'simulated' }), true)).toContain('CANDLECAST_SIM_PORT');
    expect(portsOf(settingsOf({ DATABASE_URL: 'postgresql://there' }), false)).not.toContain('CANDLECAST_POSTGRES_PORT');
  });
});

function settingsOf(environment: Record<string, string>): LocalSettings {
  const read = readLocalSettings(environment);
  if (!read.ok) throw read.error;
  return read.value;
}
