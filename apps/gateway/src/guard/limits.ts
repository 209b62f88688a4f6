import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import type { Plugin } from 'graphql-yoga';

/** Bounds on the shape of a document, before anything runs; the same on every transport. */
export const DOCUMENT_LIMITS = { depth: 8, aliases: 15, directives: 20, tokens: 1_000 } as const;

/** Refuses documents beyond the limits. Cost is counted in rows by the schema itself, which knows the sizes of its lists. */
export function useDocumentLimits(): Plugin {
  return EnvelopArmorPlugin({
    maxDepth: { n: DOCUMENT_LIMITS.depth, flattenFragments: true },
    maxAliases: { n: DOCUMENT_LIMITS.aliases },
    maxDirectives: { n: DOCUMENT_LIMITS.directives },
    maxTokens: { n: DOCUMENT_LIMITS.tokens },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: true },
  }) as Plugin;
}
