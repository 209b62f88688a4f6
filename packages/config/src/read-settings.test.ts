import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.ts';

describe('readSettings', () => {
  it('gives defaults and treats empty as absent', () => {
    const read = readSettings(['CANDLECAST_WEB_PORT', 'CANDLECAST_INSTRUMENTS'], { CANDLECAST_WEB_PORT: '' });
    expect(read).toMatchObject({ ok: true, value: { CANDLECAST_WEB_PORT: 3000 } });
    if (read.ok) expect(read.value.CANDLECAST_INSTRUMENTS).toHaveLength(11);
  });

  it('reports every problem at once and never prints a value', () => {
    const read = readSettings(['CANDLECAST_WEB_PORT', 'CANDLECAST_SOURCE'], {
      CANDLECAST_WEB_PORT: 'secret-a',
      CANDLECAST_SOURCE: 'secret-b',
      CANDLECAST_TYPO: '1',
    });
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.error.message).toContain('CANDLECAST_TYPO is not a setting');
    expect(read.error.message).toContain('CANDLECAST_WEB_PORT:');
    expect(read.error.message).toContain('CANDLECAST_SOURCE:');
    expect(read.error.message).not.toContain('secret');
  });

  it('reads a list of symbols in upper case', () => {
    const read = readSettings(['CANDLECAST_INSTRUMENTS'], { CANDLECAST_INSTRUMENTS: 'btcusdt, ETHUSDT,' });
    expect(read).toMatchObject({ ok: true, value: { CANDLECAST_INSTRUMENTS: ['BTCUSDT', 'ETHUSDT'] } });
  });
});
