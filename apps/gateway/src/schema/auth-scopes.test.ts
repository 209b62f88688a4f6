import { type GraphQLObjectType, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PUBLIC_FIELDS, PUBLIC_TYPES } from './public-fields.ts';
import { schema } from './schema.ts';

type Options = { readonly authScopes?: unknown } | undefined;

const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
const objects = types.filter((type): type is GraphQLObjectType => isObjectType(type));
const roots: Readonly<Record<string, readonly string[]>> = PUBLIC_FIELDS;

const isScoped = (holder: { readonly extensions: Readonly<Record<string, unknown>> }) =>
  (holder.extensions.pothosOptions as Options)?.authScopes !== undefined;

describe('the scopes of the schema', () => {
  it('stand on every field that is not on the public list', () => {
    const bare = objects.flatMap((type) => {
      if (isScoped(type) || PUBLIC_TYPES.includes(type.name)) return [];
      const isPublic = (name: string) => roots[type.name]?.includes(name) ?? false;
      return Object.values(type.getFields())
        .filter((field) => !isPublic(field.name) && !isScoped(field))
        .map((field) => `${type.name}.${field.name}`);
    });
    expect(bare, 'give them authScopes, or put them on the list in public-fields.ts').toEqual([]);
  });

  it('do not stand on what the list calls public', () => {
    const listed = Object.entries(PUBLIC_FIELDS).flatMap(([type, fields]) => fields.map((field) => `${type}.${field}`));
    const scoped = objects.flatMap((type) => [
      ...(isScoped(type) ? [type.name] : []),
      ...Object.values(type.getFields())
        .filter(isScoped)
        .map((field) => `${type.name}.${field.name}`),
    ]);
    expect(scoped.filter((name) => listed.includes(name) || PUBLIC_TYPES.includes(name))).toEqual([]);
  });

  it('are listed without leftovers', () => {
    const gone = Object.entries(PUBLIC_FIELDS).flatMap(([name, fields]) => {
      const type = objects.find((one) => one.name === name);
      return fields.filter((field) => !type?.getFields()[field]).map((field) => `${name}.${field}`);
    });
    expect([...gone, ...PUBLIC_TYPES.filter((name) => !types.some((type) => type.name === name))]).toEqual([]);
    expect([...PUBLIC_TYPES]).toEqual([...PUBLIC_TYPES].sort());
  });

  it('has no interface whose fields could hide a type', () => {
    expect(types.filter(isInterfaceType).map(({ name }) => name)).toEqual([]);
  });
});
