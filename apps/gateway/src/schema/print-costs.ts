import {
  type GraphQLArgument,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** What a field costs: `rows` by itself with the fewest arguments, and for each of some arguments how many rows one more of it adds. */
interface FieldCost {
  readonly name: string;
  readonly rows: number;
  readonly grows: readonly { readonly argument: string; readonly by: number }[];
}

type Cost =
  | number
  | { readonly field?: number }
  | ((args: Record<string, unknown>, context: object) => number | { readonly field?: number });

/** Arguments of which there may be more or fewer: sizes of pages, counts, and lists. */
const COUNTS: ReadonlySet<string> = new Set(['first', 'last', 'countback', 'levels', 'symbols', 'horizons']);

/** Returns the costs of every field that has one as a page of Markdown, made of the schema. */
export function printCosts(schema: GraphQLSchema): string {
  const rows = listCosts(schema).map(({ name, rows: alone, grows }) => {
    const growth = grows.map(({ argument, by }) => `${by} each of \`${argument}\``).join(', ');
    return `| \`${name}\` | ${alone} | ${growth || '—'} |`;
  });
  return `# What fields cost

Made of the schema by \`npm run costs:print -w @candlecast/gateway\`. Cost is counted in rows that a field may read; how many rows an operation may ask
for, and what they are in quota points, stands in [limits](limits.md). A field that is not here costs nothing beside what contains it.

| field | rows with the fewest arguments | and so many more for |
|---|---|---|
${rows.join('\n')}

\`first\`, \`last\`, \`countback\`, \`levels\` replace the default instead of adding to it; lists count their entries in place of a default. \`bars\`
without \`countback\` costs the buckets of its range.
`;
}

function listCosts(schema: GraphQLSchema): FieldCost[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !isIntrospectionType(type))
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ type, field })) : []))
    .flatMap(({ type, field }) => costOf(`${type.name}.${field.name}`, field) ?? [])
    .filter(({ rows, grows }) => rows > 0 || grows.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function costOf(name: string, field: GraphQLField<unknown, unknown>): FieldCost | undefined {
  const cost = field.extensions.complexity as Cost | undefined;
  if (cost === undefined) return undefined;
  const rowsOf = (args: Record<string, unknown>) => {
    const found = typeof cost === 'function' ? cost({ ...samplesOf(field), ...args }, {}) : cost;
    return typeof found === 'number' ? found : (found.field ?? 0);
  };
  const grows = field.args
    .filter(({ name: argument }) => COUNTS.has(argument))
    .map(({ name: argument, type }) => {
      const of = (count: number) => ({ [argument]: isListType(getNullableType(type)) ? Array.from({ length: count }, () => 'x') : count });
      return { argument, by: (rowsOf(of(20)) - rowsOf(of(10))) / 10 };
    })
    .filter(({ by }) => by !== 0);
  return { name, rows: rowsOf({}), grows };
}

function samplesOf(field: GraphQLField<unknown, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    field.args.flatMap((arg) => (isRequiredArgument(arg) || arg.defaultValue !== undefined ? [[arg.name, sampleOf(arg)]] : [])),
  );
}

function sampleOf({ type, defaultValue }: GraphQLArgument): unknown {
  if (defaultValue !== undefined) return defaultValue;
  const inner = type instanceof GraphQLNonNull ? type.ofType : type;
  if (isListType(inner)) return ['x'];
  const name = getNamedType(type).name;
  return name === 'Int' || name === 'DateTime' ? 0 : name === 'Interval' ? '1m' : 'x';
}
