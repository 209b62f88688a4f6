import fc from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** A source of choices: numbers in [0, 1) that fast-check made, and can make smaller. */
type Choose = () => number;

const STRINGS = [
  ...['"BTCUSDT"', '"SIM:BTCUSDT"', '"NOPE"', '""', '"\\u0000"', '"💥"', `"${'x'.repeat(500)}"`, '"2022-01-03T00:00:00Z"', '"1m"', '"1h"'],
  ...[
    '"9999-12-31T23:59:59.999Z"',
    '"-1"',
    '"NaN"',
    '"s1.x.1"',
    '"cDEuMTY0MTE2ODAwMDAwMA"',
    '"{}"',
    '"1e400"',
    '"\\"; drop table candle_1m"',
  ],
];
const NUMBERS = ['0', '1', '-1', '3', '5000', '5001', '2147483647', '-2147483648', '2147483648', '1e400', '0.5', '1641168000'];
const OTHERS = ['null', 'true', 'false', '[]', '{}', 'NONE', '$v', '[null]', '[[1]]', '{ eventTime: "2022-01-03T00:01:00Z" }'];
const MOST_DEPTH = 7;

/** Returns documents that mostly fit the schema, with arguments that mostly do not, and texts that were broken in some place. */
export function arbitraryDocument(schema: GraphQLSchema): fc.Arbitrary<string> {
  const roots = [schema.getQueryType(), schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 8, maxLength: 120 }).map((numbers) => {
    let at = 0;
    const choose: Choose = () => numbers[at++ % numbers.length] ?? 0;
    const root = pick(choose, roots);
    if (!root) return '{ __typename }';
    const keyword = root.name.toLowerCase();
    const text = `${keyword} Fuzz($v: Int) ${selection(choose, root, 0)}`;
    return choose() < 0.25 ? breakText(choose, text) : text;
  });
}

function pick<T>(choose: Choose, from: readonly T[]): T {
  return from[Math.floor(choose() * from.length)] as T;
}

function selection(choose: Choose, type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields());
  const count = 1 + Math.floor(choose() * 3);
  const parts = Array.from({ length: count }, (_, index) => {
    const field = pick(choose, fields);
    const alias = choose() < 0.2 ? `a${index}: ` : '';
    return `${alias}${field.name}${args(choose, field.args)}${nested(choose, field.type, depth)}${choose() < 0.1 ? ' @include(if: true)' : ''}`;
  });
  return `{ ${choose() < 0.1 ? '__typename ' : ''}${parts.join(' ')} }`;
}

function nested(choose: Choose, type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (depth > MOST_DEPTH) return '';
  if (isObjectType(named)) return ` ${selection(choose, named, depth + 1)}`;
  if (!isUnionType(named)) return '';
  const member = pick(choose, named.getTypes());
  return ` { __typename ... on ${member.name} ${selection(choose, member, depth + 1)} }`;
}

function args(choose: Choose, known: readonly GraphQLArgument[]): string {
  const given = known.filter(({ type }) => isNonNullType(type) || choose() < 0.3).filter(() => choose() < 0.95);
  if (given.length === 0) return '';
  return `(${given.map((argument) => `${argument.name}: ${value(choose, argument.type)}`).join(', ')})`;
}

function value(choose: Choose, type: GraphQLInputType): string {
  if (choose() < 0.1) return pick(choose, OTHERS);
  if (isNonNullType(type)) return value(choose, type.ofType);
  if (isListType(type)) return `[${Array.from({ length: Math.floor(choose() * 4) }, () => value(choose, type.ofType)).join(', ')}]`;
  if (isEnumType(type)) return pick(choose, type.getValues()).name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(() => choose() < 0.7);
    return `{ ${fields.map((field) => `${field.name}: ${value(choose, field.type)}`).join(', ')} }`;
  }
  return pick(choose, /Int|Float/.test(type.toString()) ? NUMBERS : STRINGS);
}

/** Leaves a piece out, or puts one in that does not belong there. */
function breakText(choose: Choose, text: string): string {
  const at = Math.floor(choose() * text.length);
  if (choose() < 0.5) return text.slice(0, at) + text.slice(at + 1 + Math.floor(choose() * 8));
  return (
    text.slice(0, at) +
    pick(choose, ['{', '}', '"', '"""', '...', '@', '$', '#', '\u0000', '\uFEFF', '\uD800', '💥', '&', ':']) +
    text.slice(at)
  );
}
