import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

/** The root field of candles, and the fragment of its events: a replay begins with a snapshot, which the live page does without. */
const CANDLE_EVENT = 'CandleEvent';
const SNAPSHOT = '... on CandleSnapshot { symbol candles { ...CandleFields } }';

/**
 * Returns a subscription as it is run from a moment of the past: named `Replayed…`, its root field takes `$clock`. With `snapshot` it also
 * takes `$snapshot` and selects the candles of a CandleSnapshot, so that between history and stream nothing is missed.
 */
export function withClock(document: DocumentNode, { snapshot = false }: { readonly snapshot?: boolean } = {}): DocumentNode {
  const variables = snapshot ? '$clock: ClockInput!, $snapshot: Int' : '$clock: ClockInput!';
  const values = snapshot ? 'clock: $clock, snapshot: $snapshot' : 'clock: $clock';
  const derived = withArguments(document, 'Replayed', variables, values, () => true);
  if (!snapshot) return derived;
  const [extra] = selectionsOf(SNAPSHOT);
  return visit(derived, {
    FragmentDefinition(node) {
      if (node.typeCondition.name.value !== CANDLE_EVENT || !extra) return undefined;
      return { ...node, selectionSet: { ...node.selectionSet, selections: [...node.selectionSet.selections, extra] } };
    },
  });
}

/** Returns a query as it is asked as of a moment of the past: named `Past…`, its root fields of these names take `$asOf`. */
export function withAsOf(document: DocumentNode, fields: readonly string[]): DocumentNode {
  return withArguments(document, 'Past', '$asOf: AsOfInput', 'asOf: $asOf', (field) => fields.includes(field.name.value));
}

/** Returns the name of a document's operation; empty where it has none. */
export function operationNameOf(document: DocumentNode): string {
  return document.definitions.find(isOperation)?.name?.value ?? '';
}

function withArguments(
  document: DocumentNode,
  prefix: string,
  variables: string,
  values: string,
  isWanted: (field: FieldNode) => boolean,
): DocumentNode {
  const added = operationOf(`query (${variables}) { field(${values}) }`);
  const definitions = document.definitions.map((definition): DefinitionNode => {
    if (!isOperation(definition)) return definition;
    return {
      ...definition,
      ...(definition.name ? { name: { ...definition.name, value: `${prefix}${definition.name.value}` } } : {}),
      variableDefinitions: [...(definition.variableDefinitions ?? []), ...(added.variableDefinitions as VariableDefinitionNode[])],
      selectionSet: {
        ...definition.selectionSet,
        selections: definition.selectionSet.selections.map((selection) =>
          selection.kind === Kind.FIELD && isWanted(selection) ? addArguments(selection, added) : selection,
        ),
      },
    };
  });
  return { kind: Kind.DOCUMENT, definitions };
}

function addArguments(field: FieldNode, added: OperationDefinitionNode): FieldNode {
  const [source] = added.selectionSet.selections as readonly FieldNode[];
  return { ...field, arguments: [...(field.arguments ?? []), ...(source?.arguments ?? [])] };
}

function operationOf(text: string): OperationDefinitionNode {
  return parse(text, { noLocation: true }).definitions[0] as OperationDefinitionNode;
}

function selectionsOf(selection: string): readonly SelectionNode[] {
  return operationOf(`{ ${selection} }`).selectionSet.selections;
}

function isOperation(definition: DefinitionNode): definition is OperationDefinitionNode {
  return definition.kind === Kind.OPERATION_DEFINITION;
}
