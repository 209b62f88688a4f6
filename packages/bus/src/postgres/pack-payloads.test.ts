import type { LatestUpdate } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPayloads } from './pack-payloads.ts';

const update = (detail: string) =>
  ({ topic: 'feed.status', key: 'SIM', value: { venue: 'SIM', state: 'LIVE', since: 0, detail } }) as LatestUpdate;

describe('packPayloads', () => {
  it('keeps every update, in order, in payloads that PostgreSQL takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 80 }), (details) => {
        const { payloads, refused } = packPayloads(details.map(update));
        expect(refused).toEqual([]);
        for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        expect(payloads.flatMap((payload) => payload.split('\n')).map((line) => JSON.parse(line))).toEqual(
          details.map((detail) => JSON.parse(JSON.stringify(update(detail)))),
        );
      }),
    );
  });

  it('refuses what can never be sent', () => {
    const large = update('x'.repeat(9_000));
    expect(packPayloads([update('a'), large, update('b')])).toMatchObject({ refused: [large], payloads: [expect.stringContaining('"a"')] });
  });
});
