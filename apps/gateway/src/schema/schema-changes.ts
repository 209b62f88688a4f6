import {
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** Ends every deprecation: the last day on which the element is still there. */
const REMOVAL = /\bRemoved after (\d{4}-\d{2}-\d{2})\.$/;

/**
 * Returns what a document written for `released` may trip over in `current`, one sentence each. What was deprecated with a removal date
 * before `today` may be gone; a type may go with the last field that gives it; arguments may get new optional companions, enums new values
 * and unions new members (clients must expect those), but no default may change.
 */
export function listUnannouncedChanges(released: GraphQLSchema, current: GraphQLSchema, today: string): string[] {
  const breaking = findBreakingChanges(released, current)
    // The fields that gave it, and the unions that held it, are reported on their own.
    .filter(({ type }) => type !== BreakingChangeType.TYPE_REMOVED)
    .filter(({ description }) => !isAnnounced(deprecationOf(released, description), today));
  const dangerous = findDangerousChanges(released, current).filter(({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE);
  return [...breaking, ...dangerous].map(({ description }) => description);
}

/** Returns the deprecated elements of a schema that do not say when they go, as `Type.field` or `Type.field(argument)`. */
export function listUndatedDeprecations(schema: GraphQLSchema): string[] {
  return listElements(schema)
    .filter(({ reason }) => reason != null && !REMOVAL.test(reason))
    .map(({ name }) => name);
}

interface Element {
  readonly name: string;
  readonly reason: string | null | undefined;
}

function listElements(schema: GraphQLSchema): Element[] {
  return Object.values(schema.getTypeMap()).flatMap((type): Element[] => {
    if (type.name.startsWith('__')) return [];
    if (isEnumType(type))
      return type.getValues().map(({ name, deprecationReason }) => ({ name: `${type.name}.${name}`, reason: deprecationReason }));
    if (isInputObjectType(type))
      return Object.values(type.getFields()).map(({ name, deprecationReason }) => ({
        name: `${type.name}.${name}`,
        reason: deprecationReason,
      }));
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields() as Record<string, GraphQLField<unknown, unknown>>).flatMap((field) => [
      { name: `${type.name}.${field.name}`, reason: field.deprecationReason },
      ...field.args.map((arg) => ({ name: `${type.name}.${field.name}(${arg.name})`, reason: arg.deprecationReason })),
    ]);
  });
}

/** Returns why the element that a removal speaks of was deprecated; undefined for other changes, which nothing announces. */
function deprecationOf(released: GraphQLSchema, description: string): string | null | undefined {
  const [, field] = /^(\w+\.\w+) was removed\.$/.exec(description) ?? [];
  const [, owner, argument] = /^(\w+\.\w+) arg (\w+) was removed\.$/.exec(description) ?? [];
  const [, value, enumName] = /^(\w+) was removed from enum type (\w+)\.$/.exec(description) ?? [];
  const name = field ?? (owner && `${owner}(${argument})`) ?? (value && `${enumName}.${value}`);
  return listElements(released).find((element) => element.name === name)?.reason;
}

function isAnnounced(reason: string | null | undefined, today: string): boolean {
  const [, lastDay] = REMOVAL.exec(reason ?? '') ?? [];
  return lastDay !== undefined && lastDay < today;
}
