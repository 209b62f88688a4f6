import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestMarket, type TestMarket } from '../testing/test-market.ts';

let market: TestMarket;
let httpUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl } = await market.startGateway());
});
afterAll(() => market.stop());

// The audits of GraphQL over HTTP (https://github.com/graphql/graphql-over-http); a warning or a notice is a failure, too.
const audits = serverAudits({ url: () => httpUrl, fetchFn: fetch });

describe('GraphQL over HTTP', () => {
  it('has 61 audits', () => {
    expect(audits).toHaveLength(61);
  });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_, __, audit) => {
    const { status, ...result } = await audit.fn();
    expect({ status, reason: 'reason' in result ? result.reason : undefined }).toEqual({ status: 'ok', reason: undefined });
  });
});
