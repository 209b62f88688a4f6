import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { SharedOperation } from './shared-execution.ts';

/** The parts of a subscription that do not change with its variables. */
interface Shape {
  readonly operation: OperationDefinitionNode;
  readonly root: FieldNode;
  /** The operation without its name, its variables' definitions and its root field's arguments, with its fragments. */
  readonly text: string;
  /** Variables that are used elsewhere than in the root field's arguments. */
  readonly variables: readonly string[];
}

const shapes = new WeakMap<DocumentNode, Map<string, Shape | undefined>>();

/**
 * Returns a text that is the same for subscriptions that get the same result for the same event: what they select, the values of the root
 * field's arguments but for the `personal` ones, and of the variables below it. Literals and variables of the same value are the same.
 * Undefined when the root field is not one plain field.
 */
export function selectEvents(schema: GraphQLSchema, operation: SharedOperation, personal: readonly string[]): string | undefined {
  const shape = shapeOf(operation.document, operation.operationName ?? '');
  const field = shape && schema.getSubscriptionType()?.getFields()[shape.root.name.value];
  if (!field) return undefined;
  const { coerced } = getVariableValues(schema, shape.operation.variableDefinitions ?? [], operation.variableValues ?? {});
  if (!coerced) return undefined;
  const shared = Object.entries(getArgumentValues(field, shape.root, coerced)).filter(([name]) => !personal.includes(name));
  return JSON.stringify([shape.text, shared, shape.variables.map((name) => coerced[name])]);
}

function shapeOf(document: DocumentNode, operationName: string): Shape | undefined {
  const known = shapes.get(document) ?? new Map<string, Shape | undefined>();
  shapes.set(document, known);
  if (!known.has(operationName)) known.set(operationName, readShape(document, operationName || undefined));
  return known.get(operationName);
}

function readShape(document: DocumentNode, operationName: string | undefined): Shape | undefined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return undefined;
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const [root, ...others] = rootFields(operation.selectionSet, fragments);
  if (!root || others.length > 0) return undefined;
  const bare = visit<DocumentNode>(document, {
    OperationDefinition: (node) => (node === operation ? { ...node, name: undefined, variableDefinitions: [] } : null),
    Field: (node) => (node === root ? { ...node, arguments: [] } : undefined),
  });
  const variables = new Set<string>();
  visit(bare, { Variable: ({ name }) => void variables.add(name.value) });
  return { operation, root, text: print(bare), variables: [...variables].sort() };
}

/** The fields of the root, through fragments; a fragment or field that may be left out counts as another. */
function rootFields(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): (FieldNode | undefined)[] {
  return set.selections.flatMap((selection) => {
    if (selection.directives?.length) return [undefined, undefined];
    if (selection.kind === Kind.FIELD) return [selection];
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return inner ? rootFields(inner.selectionSet, fragments) : [undefined];
  });
}
