import { createHash } from 'node:crypto';
import { AppError } from '@candlecast/domain';
import { stripIgnoredCharacters } from 'graphql';
import type { Caller } from '../keys/caller.ts';
import listed from './known-documents.json' with { type: 'json' };

/** What a request says of its document; the parameters of every transport have these. */
export interface DocumentParams {
  readonly query?: string | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A document that is to run. */
export interface ChosenDocument {
  readonly query: string;
  /** It is on the list of what the web app asks. */
  readonly isKnown: boolean;
}

/** Which documents run: those of the web app by their hash or in full, and any other where that is allowed. */
export interface KnownDocuments {
  /** Returns the document to run. Throws PERSISTED_QUERY_NOT_FOUND, BAD_USER_INPUT when there is none. */
  choose(params: DocumentParams, caller: Caller): ChosenDocument;
}

/**
 * Returns the rule. `allowsAny`: everybody may send any document; otherwise only who has a key may. The hash of a document is the SHA-256 of
 * its text without what GraphQL ignores (`stripIgnoredCharacters`), in `extensions.persistedQuery { version: 1, sha256Hash }`.
 */
export function createKnownDocuments({ allowsAny }: { readonly allowsAny: boolean }): KnownDocuments {
  const byHash: ReadonlyMap<string, string> = new Map(Object.entries(listed));
  return {
    choose({ query, extensions }, caller) {
      if (!query) {
        const hash = readHash(extensions);
        if (hash === undefined) throw new AppError('BAD_USER_INPUT', 'the request has no query and names no persisted one');
        const known = byHash.get(hash);
        if (known === undefined) throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'no document with this hash is on the list');
        return { query: known, isKnown: true };
      }
      if (allowsAny || caller.key) return { query, isKnown: false };
      if (!byHash.has(hashDocument(query) ?? '')) {
        throw new AppError('PERSISTED_QUERY_NOT_FOUND', 'the document is not on the list: others need an API key');
      }
      return { query, isKnown: true };
    },
  };
}

/** Returns the hash of a document; undefined when it is none. */
export function hashDocument(text: string): string | undefined {
  try {
    return createHash('sha256').update(stripIgnoredCharacters(text)).digest('hex');
  } catch {
    return undefined; // no GraphQL
  }
}

function readHash(extensions: DocumentParams['extensions']): string | undefined {
  const persisted = extensions?.persistedQuery;
  if (typeof persisted !== 'object' || persisted === null || !('sha256Hash' in persisted)) return undefined;
  return typeof persisted.sha256Hash === 'string' ? persisted.sha256Hash.toLowerCase() : undefined;
}
