import { type EpochMs, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { toPoint } from './to-point.ts';

const SOURCE = { key: 'gold', min: toDecimal('100'), max: toDecimal('5000.5') };
const NOW = Date.UTC(2026, 4, 20, 10, 17, 31) as EpochMs;
const at = (eventTime: number | null, value = '2345.67') =>
  toPoint(SOURCE, { value: toDecimal(value), eventTime: eventTime as EpochMs | null }, NOW);

describe('the point that a reading is', () => {
  it('is known from its receipt, and about the time that the source tells or else the quarter of an hour', () => {
    expect(at(NOW - 5_000)).toEqual({ key: 'gold', eventTime: NOW - 5_000, knownAt: NOW, value: '2345.67' });
    expect(at(null)).toMatchObject({ eventTime: Date.UTC(2026, 4, 20, 10, 15), knownAt: NOW });
    expect(at(NOW + 60_000)).toMatchObject({ eventTime: NOW, knownAt: NOW });
  });

  it.each([
    [null, '99.99', 'value_out_of_bounds'],
    [null, '5000.51', 'value_out_of_bounds'],
    [null, '-2345.67', 'value_out_of_bounds'],
    [NOW + 60_001, '100', 'time_invalid'],
    [NOW / 1_000, '100', 'time_invalid'],
    [NOW * 1_000_000, '100', 'time_invalid'],
  ])('is refused for time %s and value %s', (eventTime, value, code) => {
    expect(() => at(eventTime, value)).toThrow(expect.objectContaining({ code, retryable: false }));
  });

  it('may be at its bounds', () => {
    expect([at(null, '100').value, at(null, '5000.5').value]).toEqual(['100', '5000.5']);
  });
});
