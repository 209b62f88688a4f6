import type { DocumentNode } from 'graphql';
import hashes from './persisted.json' with { type: 'json' };

const BY_NAME: Readonly<Record<string, string>> = hashes;

/**
 * Returns the hash under which the gateway knows a query of the page; empty for what is sent in full. Queries with one go by GET, so that caches can
 * keep the answers. `persisted.json` is made by `npm run documents:print`.
 */
export function hashOf(document: DocumentNode): string {
  const operation = document.definitions.find((definition) => 'operation' in definition);
  return BY_NAME[operation?.name?.value ?? ''] ?? '';
}
