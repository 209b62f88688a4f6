import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { SHARED_FIELDS } from '../schema/public-fields.ts';
import { createKeeping } from './keeping.ts';
import type { RequestScope } from './request-scope.ts';
import { useKnownDocuments } from './use-known-documents.ts';

const lasting = (_: unknown, __: unknown, { keeping }: RequestScope) => {
  keeping?.noteLasting();
  return 1;
};
const schema = createSchema<RequestScope>({
  typeDefs: 'type Query { bars: Int barChunks: Int candles: Int rateLimit: Int apiKeys: Int }',
  resolvers: { Query: { bars: lasting, rateLimit: lasting, apiKeys: lasting } },
});
const documents = { choose: ({ query = '' }) => ({ query, isKnown: true }) };
const yoga = createYoga<RequestScope>({ schema, logging: false, plugins: [useKnownDocuments(documents, SHARED_FIELDS)] });

async function policyOf(query: string): Promise<string | null> {
  const scope = { requestId: '1', keeping: createKeeping() } as unknown as RequestScope;
  const answer = await yoga.fetch(`http://gateway/graphql?query=${encodeURIComponent(query)}`, {}, scope);
  expect(answer.headers.get('etag') === null).toBe(answer.headers.get('cache-control') === null);
  return answer.headers.get('cache-control');
}

const LIVE = 'public, max-age=1, stale-if-error=86400';
const LASTING = 'public, max-age=31536000, s-maxage=31536000, immutable';

describe('what caches may keep of a known document', () => {
  it.each([
    ['{ bars }', LASTING],
    ['{ a: bars b: bars __typename }', LASTING],
    ['{ bars barChunks }', LIVE],
    ['{ candles }', LIVE],
    ['{ bars candles }', LIVE],
    ['{ __typename }', LIVE],
  ])('%s is kept by its least lasting field', async (query, policy) => {
    expect(await policyOf(query)).toBe(policy);
  });

  it.each([
    '{ rateLimit }',
    '{ bars rateLimit }',
    '{ apiKeys }',
    '{ bars apiKeys }',
    '{ ...F } fragment F on Query { apiKeys }',
    '{ ... { bars } }',
  ])('%s is not, for not everybody may see the same', async (query) => {
    expect(await policyOf(query)).toBeNull();
  });
});
