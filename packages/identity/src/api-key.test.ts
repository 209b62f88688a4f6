import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHash, mintKey, parseKey, readKeyFile } from './api-key.ts';

describe('mintKey', () => {
  it('makes keys that read back', () => {
    const minted = mintKey();
    expect(minted.key).toMatch(/^cc_live_[0-9A-Za-z]{38}$/);
    expect(minted.prefix).toBe(minted.key.slice(0, 16));
    expect(minted.sha256).toBe(createHash('sha256').update(minted.key).digest('hex'));
    expect(parseKey(minted.key)).toEqual({ ok: true, value: minted });
  });

  it('makes another one each time', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => mintKey().prefix)).size).toBe(1_000);
  });

  it('has the checksum of its description', () => {
    // CRC-32 of "cc_live_" and 32 zeros is 1696334349 by Python's zlib, here in base 62.
    expect(parseKey(`cc_live_${'0'.repeat(32)}${CHECKSUM_OF_ZEROS}`).ok).toBe(true);
  });
});

const CHECKSUM_OF_ZEROS = '1qne3R';

describe('parseKey', () => {
  it('finds every single mistyped letter', () => {
    const { key } = mintKey();
    fc.assert(
      fc.property(fc.integer({ min: 8, max: key.length - 1 }), fc.constantFrom(...'0123456789abcXYZ'), (place, letter) => {
        fc.pre(key[place] !== letter);
        expect(parseKey(key.slice(0, place) + letter + key.slice(place + 1))).toMatchObject({
          ok: false,
          error: { code: 'UNAUTHENTICATED' },
        });
      }),
    );
  });

  it.each([
    '',
    'cc_live_',
    'Bearer x',
    `cc_test_${'a'.repeat(38)}`,
    `cc_live_${'a'.repeat(37)}`,
    `cc_live_${'a'.repeat(39)}`,
    `cc_live_${'é'.repeat(38)}`,
  ])('refuses %j and never says what it was', (text) => {
    const parsed = parseKey(text);
    expect(parsed).toMatchObject({ ok: false, error: { code: 'UNAUTHENTICATED' } });
    if (!parsed.ok && text.length > 10) expect(parsed.error.message).not.toContain(text);
  });
});

describe('hasHash', () => {
  it('compares the whole hash', () => {
    const minted = mintKey();
    expect(hasHash(minted, minted.sha256)).toBe(true);
    expect(hasHash(minted, mintKey().sha256)).toBe(false);
    expect(hasHash(minted, minted.sha256.slice(2))).toBe(false);
    expect(hasHash(minted, '')).toBe(false);
  });
});

describe('readKeyFile', () => {
  it('reads a key, and names the file and not its text when it is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'candlecast-key-'));
    const path = join(folder, 'web.key');
    expect(() => readKeyFile(path)).toThrow(/web\.key cannot be read \(ENOENT\)/);
    const minted = mintKey();
    writeFileSync(path, `${minted.key}\n`);
    expect(readKeyFile(path)).toEqual(minted);
    writeFileSync(path, 'sesame');
    expect(() => readKeyFile(path)).toThrow(/web\.key/);
    expect(() => readKeyFile(path)).not.toThrow(/sesame/);
    rmSync(folder, { recursive: true });
  });
});
