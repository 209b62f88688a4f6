import { describe, expect, it } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { InstrumentDocument } from './documents/instruments.ts';
import { TrackDocument } from './documents/search.ts';
import { WorkspaceDocument } from './documents/workspace.ts';

const pair = (symbol: string) => ({
  __typename: 'Instrument',
  id: `SIM:${symbol}`,
  symbol,
  venue: 'SIM',
  isSimulated: true,
  baseAsset: symbol.slice(0, 3),
  quoteAsset: 'USDT',
  tickSize: '0.01',
});

describe('the cache, after a pair was tracked', () => {
  it('lists it once, and asks again whether it is there', async () => {
    const gateway = createScriptedGateway();
    const { client } = gateway;
    const edge = { __typename: 'InstrumentEdge', node: pair('BTCUSDT') };
    gateway.answer('Workspace', () => ({
      data: { instruments: { __typename: 'InstrumentConnection', edges: [edge] }, marketSummary: [], freshness: [] },
    }));
    gateway.answer('PanePair', () => ({ data: { instrument: null } }));
    gateway.answer('Track', () => ({ data: { trackInstrument: { ...pair('NEWUSDT'), state: 'REQUESTED' } } }));
    await client.query(WorkspaceDocument, {}).toPromise();
    const symbol = 'NEWUSDT';
    expect((await client.query(InstrumentDocument, { symbol }).toPromise()).data?.instrument).toBeNull();

    await client.mutation(TrackDocument, { symbol }).toPromise();
    await client.mutation(TrackDocument, { symbol }).toPromise();
    gateway.answer('PanePair', () => ({ data: { instrument: { ...pair(symbol), state: 'REQUESTED', stateReason: null } } }));
    const listed = client.readQuery(WorkspaceDocument, {})?.data?.instruments.edges.map(({ node }) => node.symbol);
    expect(listed).toEqual(['BTCUSDT', 'NEWUSDT']);
    expect((await client.query(InstrumentDocument, { symbol }).toPromise()).data?.instrument?.symbol).toBe(symbol);
  });
});
