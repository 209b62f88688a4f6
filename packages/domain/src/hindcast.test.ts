import { describe, expect, it } from 'vitest';
import { parseHindcastId, toHindcastId } from './hindcast.ts';
import { toInstrumentId } from './instrument.ts';
import { toEpochMs } from './time.ts';

describe('the id of a hindcast', () => {
  it('names instrument, horizon and moment, and is read back', () => {
    const key = { instrumentId: toInstrumentId('SIM', 'BTCUSDT'), horizon: '1h', asOf: toEpochMs(1_640_995_200_000) } as const;
    expect(toHindcastId(key)).toBe('hindcast:SIM:BTCUSDT:1h:1640995200000');
    expect(parseHindcastId(toHindcastId(key))).toEqual(key);
  });

  it.each([
    'b6a5a0f4-0000-4000-8000-000000000000',
    'hindcast:NOWHERE:BTCUSDT:1h:1640995200000',
    'hindcast:SIM:BTCUSDT:3h:1640995200000',
    'hindcast:SIM:BTCUSDT:1h:tomorrow',
    'hindcast:SIM:BTC:USDT:1h:1640995200000',
  ])('is not "%s"', (text) => {
    expect(parseHindcastId(text)).toBeUndefined();
  });
});
