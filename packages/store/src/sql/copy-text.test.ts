import { describe, expect, it } from 'vitest';
import { bytesForCopy, escapeCopy, toCopyTexts } from './copy-text.ts';

describe('toCopyTexts', () => {
  it('writes a row a line, values between tabs, and none as \\N', () => {
    expect([
      ...toCopyTexts([
        ['a', 1.5, null],
        ['', undefined, -0],
      ]),
    ]).toEqual(['a\t1.5\t\\N\n\t\\N\t0\n']);
    expect([...toCopyTexts([])]).toEqual([]);
  });

  it('makes few pieces of many rows, none of them far longer than 64 KiB', () => {
    const rows = Array.from({ length: 1_000 }, (_, index) => [String(index).padStart(999, '0')]);
    const pieces = [...toCopyTexts(rows)];
    expect(pieces.length).toBe(16);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65_536 + 1_000);
    expect(pieces.join('')).toBe(rows.map(([value]) => `${value}\n`).join(''));
  });
});

describe('escapeCopy', () => {
  it('escapes what ends a value, a row or begins an escape', () => {
    expect(escapeCopy('a\tb\nc\rd\\N')).toBe('a\\tb\\nc\\rd\\\\N');
  });
});

describe('bytesForCopy', () => {
  it('doubles the backslash of the hexadecimal form', () => {
    expect(bytesForCopy('00ff')).toBe('\\\\x00ff');
  });
});
