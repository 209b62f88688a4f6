import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
  visit,
} from 'graphql';

/** Returns a selection of everything that a type can show, as deep as it goes; `leftOut` names fields as `Type.field`. Types within themselves are shown once. */
export function selectWhole(type: GraphQLOutputType, leftOut: readonly string[] = [], above: readonly string[] = []): string {
  const named = getNamedType(type);
  if (isLeafType(named) || above.includes(named.name)) return '';
  if (isUnionType(named)) {
    const parts = named.getTypes().map((part) => `... on ${part.name} ${selectWhole(part, leftOut, above)}`);
    return `{ __typename ${parts.join(' ')} }`;
  }
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  const fields = Object.values(named.getFields())
    .filter((field) => !leftOut.includes(`${named.name}.${field.name}`))
    .flatMap((field) => select(field, leftOut, [...above, named.name]) ?? []);
  return `{ ${fields.join(' ')} }`;
}

function select(field: GraphQLField<unknown, unknown>, leftOut: readonly string[], above: readonly string[]): string | undefined {
  const deeper = selectWhole(field.type, leftOut, above);
  return isLeafType(getNamedType(field.type)) ? field.name : deeper === '' ? undefined : `${field.name} ${deeper}`;
}

/** Returns the paths of the leaves of a selection, as `edges.node.close`. */
export function leavesOf(selection: string): string[] {
  const leaves: string[] = [];
  const path: string[] = [];
  visit(parse(selection), {
    Field: {
      enter({ name, selectionSet }) {
        path.push(name.value);
        if (!selectionSet && name.value !== '__typename') leaves.push(path.join('.'));
      },
      leave() {
        path.pop();
      },
    },
  });
  return leaves;
}
