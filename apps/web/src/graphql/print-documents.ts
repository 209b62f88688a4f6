import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { formatDocument, stringifyDocument } from '@urql/core';
import { type DocumentNode, Kind, OperationTypeNode, stripIgnoredCharacters } from 'graphql';
import { DOCUMENT_FILES } from './documents/all.ts';

/** The same for everybody. What sets the page's clock is not among them: it must not be a second old. */
const BY_GET = [
  'BarChunks',
  'ChampionHistory',
  'Chunk',
  'ChunkNames',
  'Closes',
  'DailyTotals',
  'Drift',
  'ForecastCards',
  'ForecastHistory',
  'ForecastPath',
  'FreshnessTable',
  'GapLedger',
  'Instrument',
  'Jobs',
  'LatestForecasts',
  'LedgerHead',
  'Markets',
  'ModelRecord',
  'Models',
  'OneForecast',
  'PaperRecord',
  'Reliability',
  'ReplayRange',
  'Runs',
  'TrackRecord',
  'Workspace',
];

const nodes = DOCUMENT_FILES.flatMap((file) => Object.values(file) as DocumentNode[]).filter((value) => value.kind === Kind.DOCUMENT);

/**
 * Returns every document that the page may send, by its hash: the SHA-256 of its text without what GraphQL ignores. Queries go through the
 * cache, which adds `__typename`; subscriptions go past it; the server's renderer sends both forms.
 */
export function listDocuments(): Record<string, string> {
  const entries = nodes.flatMap((node) => [node, formatDocument(node)]).map(toEntry);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the hashes of the queries that go by GET, as the caches of the page and of its server send them, by their names. */
export function listPersisted(): Record<string, string> {
  const queries = nodes.flatMap((node) => {
    const operation = node.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const name = operation?.name?.value ?? '';
    return operation?.operation === OperationTypeNode.QUERY && BY_GET.includes(name)
      ? [[name, toEntry(formatDocument(node))[0]] as const]
      : [];
  });
  return Object.fromEntries(queries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toEntry(node: DocumentNode): readonly [hash: string, text: string] {
  const text = stripIgnoredCharacters(stringifyDocument(node));
  return [createHash('sha256').update(text).digest('hex'), text];
}

if (process.argv[1] === import.meta.filename) {
  const write = (path: string, value: unknown) => writeFileSync(new URL(path, import.meta.url), `${JSON.stringify(value, undefined, 2)}\n`);
  write('../../../gateway/src/guard/known-documents.json', listDocuments());
  write('persisted.json', listPersisted());
}
