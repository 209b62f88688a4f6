import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { formatDocument, stringifyDocument } from '@urql/core';
import { type DocumentNode, Kind, stripIgnoredCharacters } from 'graphql';
import * as documents from './documents.ts';

/**
 * Returns every document that the page may send, by its hash: the SHA-256 of its text without what GraphQL ignores. Queries go through the
 * cache, which adds `__typename`; subscriptions go past it; the server's renderer sends both forms.
 */
export function listDocuments(): Record<string, string> {
  const nodes = Object.values(documents as Readonly<Record<string, DocumentNode>>).filter((value) => value.kind === Kind.DOCUMENT);
  const texts = nodes.flatMap((node) => [node, formatDocument(node)]).map((node) => stripIgnoredCharacters(stringifyDocument(node)));
  const entries = texts.map((text) => [createHash('sha256').update(text).digest('hex'), text] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv[1] === import.meta.filename) {
  const path = new URL('../../../gateway/src/guard/known-documents.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(listDocuments(), undefined, 2)}\n`);
}
