import { toEpochMs, toPageCursor, toStreamCursor } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { comparePlaces, parseReplayCursor, toReplayCursor } from './replay-cursor.ts';

describe('the cursor of a replay', () => {
  it('names a place', () => {
    const place = { time: toEpochMs(1_641_168_000_000), key: 'SIM:币安.USDT m 001641168000000 000000' };
    expect(parseReplayCursor(toReplayCursor(place))).toEqual(place);
  });

  it.each([
    ['of a live stream', toStreamCursor({ epoch: '00000000-0000-4000-8000-000000000001', seq: 5 })],
    ['of a page', toPageCursor(toEpochMs(5))],
    ['of nothing', 'nonsense'],
    ['that is empty', ''],
    ['that is too long', 'A'.repeat(401)],
    ['without a key', Buffer.from('r1.5.').toString('base64url')],
  ])('is not one %s', (_, cursor) => {
    expect(() => parseReplayCursor(cursor)).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });

  it('orders by time, then by key', () => {
    const places = [
      { time: toEpochMs(2), key: 'a' },
      { time: toEpochMs(1), key: '~' },
      { time: toEpochMs(1), key: 'SIM:A m' },
      { time: toEpochMs(1), key: 'SIM:A g' },
    ];
    expect(places.sort(comparePlaces).map(({ time, key }) => `${time} ${key}`)).toEqual(['1 SIM:A g', '1 SIM:A m', '1 ~', '2 a']);
  });
});
