import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from './schema.ts';
import { listUnannouncedChanges, listUndatedDeprecations } from './schema-changes.ts';

const TODAY = '2030-06-01';
const released = buildSchema(`
  type Query {
    price(symbol: ID!, digits: Int = 8): Price
    old: Int @deprecated(reason: "Use price. Removed after 2030-05-31.")
    aging: Int @deprecated(reason: "Use price. Removed after 2030-06-01.")
    fading(note: String @deprecated(reason: "Ignored. Removed after 2030-01-01.")): Int
  }
  type Price { value: String! side: Side }
  enum Side { BUY SELL OTHER @deprecated(reason: "Never sent. Removed after 2030-01-01.") }
  union Event = Price
`);

/** Returns the findings when one piece of the released schema is replaced. */
function changesWith(...[from, to]: [string, string]): string[] {
  const text = `
  type Query {
    price(symbol: ID!, digits: Int = 8): Price
    old: Int @deprecated(reason: "Use price. Removed after 2030-05-31.")
    aging: Int @deprecated(reason: "Use price. Removed after 2030-06-01.")
    fading(note: String): Int
  }
  type Price { value: String! side: Side }
  enum Side { BUY SELL OTHER }
  union Event = Price`;
  expect(text).toContain(from);
  return listUnannouncedChanges(released, buildSchema(text.replace(from, to)), TODAY);
}

describe('listUnannouncedChanges', () => {
  it.each([
    ['a field that was not deprecated', 'value: String! ', '', 'Price.value was removed.'],
    ['a field on its last day', 'aging: Int @deprecated(reason: "Use price. Removed after 2030-06-01.")', '', 'Query.aging was removed.'],
    ['a field that may be null now', 'value: String!', 'value: String', 'Price.value changed type from String! to String.'],
    ['an argument that is new and required', 'symbol: ID!,', 'symbol: ID!, venue: ID!,', 'A required arg venue on Query.price was added.'],
    ['an argument that is gone', ', digits: Int = 8', '', 'Query.price arg digits was removed.'],
    ['an enum value that is gone', 'BUY SELL', 'BUY', 'SELL was removed from enum type Side.'],
    ['another default', 'Int = 8', 'Int = 2', 'Query.price arg digits has changed defaultValue from 8 to 2.'],
  ])('reports %s', (_, from, to, description) => expect(changesWith(from, to)).toEqual([description]));

  it.each([
    ['a deprecated field after its last day', 'old: Int @deprecated(reason: "Use price. Removed after 2030-05-31.")', ''],
    ['a deprecated argument after its last day', '(note: String)', ''],
    ['a deprecated enum value after its last day', ' OTHER', ''],
    ['a new field', 'side: Side', 'side: Side size: String'],
    ['a new optional argument', 'symbol: ID!', 'symbol: ID!, venue: ID'],
    ['a new enum value', 'BUY SELL', 'BUY SELL HOLD'],
  ])('lets pass %s', (_, from, to) => expect(changesWith(from, to)).toEqual([]));
});

describe('the schema', () => {
  it('breaks no document that was written for the released one', () => {
    const text = readFileSync(new URL('../../schema.released.graphql', import.meta.url), 'utf8');
    expect(listUnannouncedChanges(buildSchema(text), schema, new Date().toISOString().slice(0, 10))).toEqual([]);
  });

  it('says of everything deprecated when it goes', () => expect(listUndatedDeprecations(schema)).toEqual([]));

  it('would be caught if it did not', () => {
    expect(listUndatedDeprecations(buildSchema('type Query { a: Int @deprecated(reason: "Old.") }'))).toEqual(['Query.a']);
  });
});
