import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SimRig, startRig } from '../testing/sim-rig.ts';
import { parseFault } from './parse-fault.ts';

describe('parseFault', () => {
  let rig: SimRig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.close());

  it.each([
    ['', 'not JSON'],
    ['[]x', 'not JSON'],
    ['null', 'object'],
    ['[]', 'object'],
    ['{"kind":"earthquake"}', 'earthquake'],
    ['{"kind":"dropLinks"}', 'needs how'],
    ['{"kind":"dropLinks","how":"gently"}', 'gently'],
    ['{"kind":"muteStream"}', 'needs stream'],
    ['{"kind":"delayClose","delayMs":-1}', '-1'],
    ['{"kind":"delayClose"}', 'needs delayMs'],
    ['{"kind":"rest","answer":200}', '200'],
    ['{"kind":"muteStream","stream":7}', 'stream'],
    ['{"kind":"frames"}', 'needs how'],
    ['{"kind":"frames","how":"delay"}', 'needs delayMs'],
    ['{"kind":"frames","how":"drop","delayMs":5}', 'knows no delayMs'],
    ['{"kind":"omitClose","steam":"*"}', 'knows no steam'],
    ['{"kind":"frames","how":"drop","probability":0}', 'probability'],
    ['{"kind":"serverShutdown","noticeMs":600001}', '600000'],
    ['{"kind":"hole","symbol":"BTCUSDT","from":60000,"to":60000}', 'not before'],
    ['{"kind":"hole","symbol":"NOPEUSDT","from":60000,"to":120000}', 'not listed'],
    ['{"kind":"hole","symbol":"BTCUSDT","from":60001,"to":120000}', 'whole minutes'],
  ])('%s is refused, naming what is wrong', async (json, why) => {
    const parsed = parseFault(json);
    if (!parsed.ok) expect(parsed.error).toMatchObject({ code: 'fault_invalid', message: expect.stringContaining(why) });
    const response = await fetch(`${rig.sim.restUrl}/admin/faults`, { method: 'POST', body: json });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringContaining(why) });
    expect(await rig.faults()).toEqual([]);
  });
});
