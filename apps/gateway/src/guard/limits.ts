import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Bounds on the shape of a document, before anything runs; the same on every transport. */
export const DOCUMENT_LIMITS = { depth: 8, aliases: 15, directives: 50, tokens: 1_000, characters: 15_000 } as const;

/** Refuses documents beyond the limits. Cost is counted in rows by the schema itself, which knows the sizes of its lists. */
export function useDocumentLimits(): Plugin {
  // Reported like any other violation instead of thrown out of the validation.
  const report = {
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)],
  };
  return EnvelopArmorPlugin({
    maxDepth: { n: DOCUMENT_LIMITS.depth, flattenFragments: true, ...report },
    maxAliases: { n: DOCUMENT_LIMITS.aliases, allowList: [], ...report },
    maxDirectives: { n: DOCUMENT_LIMITS.directives, ...report },
    maxTokens: { n: DOCUMENT_LIMITS.tokens },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  }) as Plugin;
}

/** Refuses documents that are longer than any that is needed, before they are parsed. */
export function useCharacterLimit(): Plugin {
  const most = DOCUMENT_LIMITS.characters;
  return {
    onParse({ params, setParseFn }) {
      const length = typeof params.source === 'string' ? params.source.length : params.source.body.length;
      if (length <= most) return;
      setParseFn(() => {
        throw new GraphQLError(`Syntax Error: Character limit of ${most} exceeded, found ${length}.`);
      });
    },
  };
}

/** Refuses questions about the schema: in production it is read from `/schema.graphql`. */
export function useNoIntrospection(): Plugin {
  return { onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule) };
}
