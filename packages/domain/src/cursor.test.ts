import { describe, expect, it } from 'vitest';
import { parsePageCursor, parseStreamCursor, toPageCursor, toStreamCursor } from './cursor.ts';
import type { EpochMs } from './time.ts';

const epoch = '018f4e1c-9f3b-7c3a-8d1e-2b4a6c8e0f12';

describe('cursors', () => {
  it('come back as they were', () => {
    expect(parseStreamCursor(toStreamCursor({ epoch, seq: 42 }))).toEqual({ ok: true, value: { epoch, seq: 42 } });
    expect(parsePageCursor(toPageCursor(1_690_000_000_000 as EpochMs))).toEqual({ ok: true, value: 1_690_000_000_000 });
  });

  it('of the wrong kind are refused', () => {
    expect(parseStreamCursor(toPageCursor(0 as EpochMs))).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
    expect(parsePageCursor(toStreamCursor({ epoch, seq: 1 }))).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
  });

  it.each(['', '!!!', 'czE', 'a'.repeat(300), btoa('s1.not-a-uuid.5'), btoa(`s1.${epoch}.-1`), btoa(`s1.${epoch}.1.2`)])(
    'refuse "%s"',
    (text) => {
      expect(parseStreamCursor(text)).toMatchObject({ ok: false, error: { code: 'CURSOR_INVALID' } });
    },
  );
});
