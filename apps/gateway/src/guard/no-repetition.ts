import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** How often one selection may name the same field: merging them is work that grows with the square. */
const MOST_REPETITIONS = 10;

/** Refuses selections that name a field over and over. */
export function useNoRepetition(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(noRepetition) };
}

function noRepetition(context: ValidationContext): ASTVisitor {
  return {
    SelectionSet(node: SelectionSetNode) {
      const counts = new Map<string, number>();
      for (const selection of node.selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) continue;
        const name = selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : `...${selection.name.value}`;
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        if (count !== MOST_REPETITIONS + 1) continue;
        const message = `"${name}" stands more than ${MOST_REPETITIONS} times in one selection.`;
        context.reportError(new GraphQLError(message, { nodes: selection }));
      }
    },
  };
}
