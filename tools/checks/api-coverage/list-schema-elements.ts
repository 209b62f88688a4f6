import {
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';

/**
 * Returns the id of every field, argument, input field, union member and scalar of a schema: `Type.field`, `Type.field(argument)`,
 * `Union.Member`, `Scalar`, sorted.
 */
export function listSchemaElements(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type): string[] => {
      if (isScalarType(type)) return isSpecifiedScalarType(type) ? [] : [type.name];
      if (isUnionType(type)) return type.getTypes().map((member) => `${type.name}.${member.name}`);
      if (isInputObjectType(type)) return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
      if (!isObjectType(type) && !isInterfaceType(type)) return [];
      return Object.values(type.getFields()).flatMap((field) => [
        `${type.name}.${field.name}`,
        ...field.args.map((argument) => `${type.name}.${field.name}(${argument.name})`),
      ]);
    })
    .sort();
}
