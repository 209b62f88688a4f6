import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { answerFromThePast } from './past-queries.ts';

const MOMENT = Date.parse('2022-01-03T12:00:30Z') as EpochMs;
const KNOWN = { knownAt: '2022-01-03T12:00:30.000Z' };

function setUp() {
  const gateway = createScriptedGateway();
  const bars = { __typename: 'Bars', t: [1_641_211_200], o: [1], h: [1], l: [1], c: [1], v: [1] };
  gateway.answer('PastBars', () => ({ data: { bars } }));
  const freshness = { __typename: 'Freshness', symbol: 'SIM:A', venue: 'SIM', feedState: null, state: null };
  gateway.answer('PastMarket', () => ({
    data: { marketSummary: [], freshness: [{ ...freshness, lastEventAt: '2022-01-03T12:00:00.000Z', stalenessMs: 30_000 }] },
  }));
  const ask = (name: string, document: string, variables: object) =>
    answerFromThePast(gateway.client, { name, document, variables: { ...variables } }, MOMENT);
  return { gateway, ask };
}

describe('a query in a replay', () => {
  it('about history is of what was known then, the open candle included', async () => {
    const { gateway, ask } = setUp();
    const answer = await ask('BarChunks', '{ written }', { symbol: 'SIM:A', interval: '1m' });
    expect(gateway.asked.at(-1)?.variables).toEqual({ symbol: 'SIM:A', interval: '1m', to: 1_641_211_290, countback: 480, asOf: KNOWN });
    // The page's cache would not take it without its types.
    expect(answer.barChunks).toMatchObject({ chunks: [], tailFrom: 1_641_211_200, cursor: null, tail: { __typename: 'Bars' } });
  });

  it('for older history is a chunk before what is shown, and for changes of it none', async () => {
    const { ask } = setUp();
    const names = (range: object) => ask('ChunkNames', '{ written }', { symbol: 'SIM:A', interval: '1m', ...range });
    const older = await names({ from: 0, to: 1_641_211_200 });
    expect(older.barChunks).toMatchObject({ chunks: [{ from: 1_641_211_200 - 480 * 60, to: 1_641_211_200, revision: null }] });
    expect((await names({ from: 0, to: null })).barChunks).toMatchObject({ chunks: [] });
  });

  it('takes a series of which there was data for live', async () => {
    const { ask } = setUp();
    const { freshness } = await ask('Market', '{ written }', {});
    expect(freshness).toMatchObject([{ state: 'LIVE', feedState: 'LIVE', stalenessMs: 30_000 }]);
  });

  it('that has no past is refused, and never shows the present', async () => {
    const { gateway, ask } = setUp();
    await expect(ask('Alerts', '{ alerts { id } }', {})).rejects.toThrow('Alerts has no past');
    await expect(ask('CreateAlert', 'mutation { x }', {})).rejects.toThrow('CreateAlert has no past');
    expect(gateway.asked).toEqual([]);
  });
});
