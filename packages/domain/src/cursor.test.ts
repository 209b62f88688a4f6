import { describe, expect, it } from 'vitest';
import {
  parseKeyCursor,
  parsePageCursor,
  parsePlaceCursor,
  parseStreamCursor,
  toKeyCursor,
  toPageCursor,
  toPlaceCursor,
  toStreamCursor,
} from './cursor.ts';
import type { EpochMs } from './time.ts';

const epoch = '018f4e1c-9f3b-7c3a-8d1e-2b4a6c8e0f12';

describe('cursors', () => {
  it('come back as they were', () => {
    expect(parseStreamCursor(toStreamCursor({ epoch, seq: 42 }))).toEqual({ ok: true, value: { epoch, seq: 42 } });
    expect(parsePageCursor(toPageCursor(1_690_000_000_000 as EpochMs))).toEqual({ ok: true, value: 1_690_000_000_000 });
    const place = { time: 1_690_000_000_000 as EpochMs, id: 3_024_184_451_000 };
    expect(parsePlaceCursor(toPlaceCursor(place))).toEqual({ ok: true, value: place });
    for (const key of ['BTCUSDT', 'A.B-C_D', '币安人生USDT', '龙'.repeat(40)])
      expect(parseKeyCursor(toKeyCursor(key))).toEqual({ ok: true, value: key });
  });

  it('of the wrong kind are refused', () => {
    expect(parseStreamCursor(toPageCursor(0 as EpochMs))).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
    expect(parsePageCursor(toStreamCursor({ epoch, seq: 1 }))).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
  });

  it('of another list are refused where they cannot be meant', () => {
    const time = toPageCursor(5 as EpochMs);
    const place = toPlaceCursor({ time: 5 as EpochMs, id: 7 });
    const stream = toStreamCursor({ epoch, seq: 1 });
    expect(parsePageCursor(place)).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
    for (const wrong of [time, stream, toKeyCursor('BTCUSDT'), '']) expect(parsePlaceCursor(wrong)).toMatchObject({ ok: false });
    for (const wrong of [stream, '', btoa('p1.'), btoa('p1.%')]) expect(parseKeyCursor(wrong)).toMatchObject({ ok: false });
  });

  it.each(['', '!!!', 'czE', 'a'.repeat(900), btoa('s1.not-a-uuid.5'), btoa(`s1.${epoch}.-1`), btoa(`s1.${epoch}.1.2`)])(
    'refuse "%s"',
    (text) => {
      expect(parseStreamCursor(text)).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
    },
  );
});
