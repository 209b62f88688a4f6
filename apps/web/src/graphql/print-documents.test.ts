import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import persisted from './persisted.json' with { type: 'json' };
import { listDocuments, listPersisted } from './print-documents.ts';

const LIST = new URL('../../../gateway/src/guard/known-documents.json', import.meta.url);

describe("the gateway's list of known documents", () => {
  it('is what the page sends (npm run documents:print -w @candlecast/web)', () => {
    expect(JSON.parse(readFileSync(LIST, 'utf8'))).toEqual(listDocuments());
  });
});

describe('the list of queries that go by GET', () => {
  it('has the hashes under which the gateway knows them (the same command)', () => {
    expect(persisted).toEqual(listPersisted());
    expect(Object.keys(listDocuments())).toEqual(expect.arrayContaining(Object.values(persisted)));
    expect(Object.keys(persisted)).toEqual(
      expect.arrayContaining(['BarChunks', 'Chunk', 'ChunkNames', 'DailyTotals', 'Markets', 'Workspace']),
    );
    // What belongs to a caller, and what a cache must not keep.
    for (const name of ['ApiKeys', 'RateLimit', 'Market']) expect(persisted).not.toHaveProperty(name);
  });
});
