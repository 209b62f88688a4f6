import { readFileSync } from 'node:fs';
import { complexityFromQuery } from '@pothos/plugin-complexity';
import { describe, expect, it } from 'vitest';
import { printCosts } from './print-costs.ts';
import { schema } from './schema.ts';

const costOf = (query: string) => complexityFromQuery(query, { schema, variables: {}, ctx: {} }).complexity;

describe('the page of costs', () => {
  it('is made of the schema as it is', () => {
    expect(readFileSync(new URL('../../../../docs/api/costs.md', import.meta.url), 'utf8')).toBe(printCosts(schema));
  });

  it('says what operations are counted as', () => {
    const page = printCosts(schema);
    expect(page).toContain('| `Query.candles` | 100 | 1 each of `first`, 1 each of `last` |');
    expect(page).toContain('| `Query.depth` | 40 | 2 each of `levels` |');
    expect(costOf('{ candles(symbol: "x", interval: "1m") { edges { cursor } } }')).toBe(100);
    expect(costOf('{ candles(symbol: "x", interval: "1m", first: 7) { edges { cursor } } }')).toBe(7);
    expect(costOf('{ depth(symbol: "x", levels: 5) { at } }')).toBe(10);
    expect(costOf('{ bars(symbol: "x", interval: "1m", from: 0, to: 600) { s } }')).toBe(10);
    expect(costOf('{ marketSummary(symbols: ["x", "y"]) { symbol } }')).toBe(2);
  });

  it('counts what stands below a page beside it', () => {
    const proof = '{ candles(symbol: "x", interval: "1m", first: 7) { edges { cursor } certificate { tradeIds { state } } } }';
    expect(costOf(proof)).toBe(207);
    expect(costOf('{ instruments(first: 7) { edges { node { freshness { openGaps } } } } }')).toBe(107);
  });
});
