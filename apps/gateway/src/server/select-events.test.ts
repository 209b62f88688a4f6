import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../schema/schema.ts';
import { selectEvents } from './select-events.ts';

const PERSONAL = ['symbols', 'snapshot', 'after', 'throttleMs'];
const CLOSED = '{ __typename ... on CandleClosed { candle { close } } }';

const select = (query: string, variableValues: Record<string, unknown> = {}, operationName?: string) =>
  selectEvents(schema, { document: parse(query), variableValues, operationName }, PERSONAL);

const BASE = select(`subscription { candles(symbols: ["A"], interval: "1m") ${CLOSED} }`);

describe('subscriptions that share', () => {
  it.each([
    ['other symbols', `subscription { candles(symbols: ["B", "C"], interval: "1m") ${CLOSED} }`, {}],
    ['its own cursor and throttle', `subscription { candles(symbols: ["A"], interval: "1m", after: "x", throttleMs: 9) ${CLOSED} }`, {}],
    ['its own snapshot', `subscription { candles(symbols: ["A"], interval: "1m", snapshot: 5) ${CLOSED} }`, {}],
    ['the same interval in other words', `subscription { candles(symbols: ["A"], interval: "1") ${CLOSED} }`, {}],
    ['variables', `subscription Named($s: [ID!]!, $i: Interval!) { candles(symbols: $s, interval: $i) ${CLOSED} }`, { s: ['A'], i: '1m' }],
    [
      'a variable with a default',
      `subscription ($i: Interval! = "1m", $n: Int) { candles(symbols: ["A"], interval: $i, snapshot: $n) ${CLOSED} }`,
      { n: 3 },
    ],
    ['other white space', `subscription {\n\n candles(symbols:["A"],interval:"1m")${CLOSED} # the same\n}`, {}],
  ])('%s', (_, query, variables) => {
    expect(BASE).toBeDefined();
    expect(select(query, variables)).toBe(BASE);
  });

  it('one operation of several', () => {
    const query = `query Q { instruments(first: 1) { edges { node { id } } } } subscription S { candles(symbols: ["A"], interval: "1m") ${CLOSED} }`;
    expect(select(query, {}, 'S')).toBe(BASE);
  });
});

describe('subscriptions that do not share', () => {
  it.each([
    ['another interval', `subscription { candles(symbols: ["A"], interval: "5m") ${CLOSED} }`, {}],
    ['closed candles only', `subscription { candles(symbols: ["A"], interval: "1m", closedOnly: true) ${CLOSED} }`, {}],
    ['an alias', `subscription { c: candles(symbols: ["A"], interval: "1m") ${CLOSED} }`, {}],
    ['other fields', 'subscription { candles(symbols: ["A"], interval: "1m") { __typename ... on CandleClosed { candle { open } } } }', {}],
    [
      'a variable below the root',
      'subscription ($c: Boolean!) { candles(symbols: ["A"], interval: "1m") { __typename ... on CandleClosed @include(if: $c) { candle { close } } } }',
      { c: true },
    ],
  ])('%s', (_, query, variables) => {
    expect(select(query, variables)).toBeTypeOf('string');
    expect(select(query, variables)).not.toBe(BASE);
  });

  it('the same document with another value below the root', () => {
    const query =
      'subscription ($c: Boolean!) { candles(symbols: ["A"], interval: "1m") { ... on CandleClosed { candle { close open @include(if: $c) } } } }';
    expect(select(query, { c: true })).toBe(select(query, { c: true }));
    expect(select(query, { c: true })).not.toBe(select(query, { c: false }));
  });

  it('other fragments of the same name', () => {
    const query = (field: string) =>
      `subscription { ...Root } fragment Root on Subscription { candles(symbols: ["A"], interval: "1m") { ... on CandleClosed { candle { ...C } } } } fragment C on Candle { ${field} }`;
    expect(select(query('close'))).toBe(select(query('close').replace('"A"', '"B"')));
    expect(select(query('close'))).not.toBe(select(query('open')));
  });

  it('anything whose root field depends on a directive, or stands twice', () => {
    expect(select(`subscription ($c: Boolean!) { candles(symbols: ["A"], interval: "1m") @include(if: $c) ${CLOSED} }`, { c: true })).toBe(
      undefined,
    );
    const twice = 'candles(symbols: ["A"], interval: "1m")';
    expect(select(`subscription { ${twice} ${CLOSED} ${twice} { __typename } }`)).toBe(undefined);
  });
});
