import { readFileSync } from 'node:fs';
import { buildSchema, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as replay from '../graphql/documents/replay.ts';
import { operationNameOf } from './derive-documents.ts';

const schema = buildSchema(readFileSync(new URL('../../../gateway/schema.graphql', import.meta.url), 'utf8'));

describe('the documents of a replay', () => {
  it.each(Object.entries(replay))('%s is a document of the API', (_, document) => {
    expect(validate(schema, document)).toEqual([]);
  });

  it('are those of the page with a clock, or as of a moment', () => {
    expect(operationNameOf(replay.ReplayedPricesDocument)).toBe('ReplayedPrices');
    expect(print(replay.ReplayedPricesDocument)).toMatch(/candles\([^)]*clock: \$clock\s*\)/);
    expect(print(replay.PastWorkspaceDocument)).toMatch(/marketSummary\(asOf: \$asOf\)/);
    expect(print(replay.PastWorkspaceDocument)).toMatch(/instruments\(first: 50\)/);
  });

  it('begin with a snapshot where candles are drawn', () => {
    const text = print(replay.ReplayedCandlesDocument);
    expect(text).toMatch(/snapshot: \$snapshot/);
    expect(text).toMatch(/\.\.\. on CandleSnapshot {\s+symbol\s+candles/);
  });
});
