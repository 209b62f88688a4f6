import { eventually } from '@candlecast/testkit';
import type { ExecutionResult } from 'graphql-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CandlecastClient, createClient } from './index.ts';
import {
  closed,
  cursorOf,
  forever,
  heartbeat,
  refusal,
  reset,
  type Scene,
  type ScriptedGateway,
  snapshot,
  startScriptedGateway,
} from './testing/scripted-gateway.ts';

const QUERY = /* GraphQL */ `
  subscription Live($symbols: [ID!]!, $snapshot: Int, $after: Cursor) {
    live: candles(symbols: $symbols, interval: "1m", snapshot: $snapshot, after: $after) {
      __typename
      ... on CandleSnapshot { cursor }
      ... on CandleClosed { cursor }
      ... on StreamHeartbeat { cursor }
      ... on StreamReset { code }
    }
  }
`;

let gateway: ScriptedGateway;
let client: CandlecastClient;

afterEach(async () => {
  await client.close();
  await gateway.close();
});

async function listen(...scenes: Scene[]) {
  gateway = await startScriptedGateway(scenes);
  client = createClient({ url: gateway.url, webSocketImpl: WebSocket });
  const results: ExecutionResult[] = [];
  const ends: unknown[] = [];
  const source = client.subscriptionSource({ query: QUERY, operationName: 'Live', variables: { symbols: ['BTCUSDT'], snapshot: 3 } });
  const { unsubscribe, pause, resume } = source.subscribe({
    next: (result) => results.push(result),
    error: (error) => ends.push(error),
    complete: () => ends.push('complete'),
  });
  const names = () => results.map(({ data }) => (data as { live: { __typename: string } }).live.__typename);
  return { results, ends, unsubscribe, pause, resume, names };
}

describe('subscriptionSource', () => {
  it('resumes by itself and marks the first live result with what was recovered', async () => {
    const { results, names, unsubscribe, ends } = await listen(
      async function* (_, socket) {
        yield snapshot(3);
        yield heartbeat(3);
        socket.terminate();
        await forever(socket);
      },
      async function* (_, socket) {
        yield closed(4);
        yield heartbeat(4);
        await forever(socket);
      },
    );
    await eventually(() => expect(names()).toEqual(['CandleSnapshot', 'StreamHeartbeat', 'CandleClosed', 'StreamHeartbeat']));
    expect(gateway.asked[1]).toEqual({ symbols: ['BTCUSDT'], interval: '1m', snapshot: 0, after: cursorOf(3) });
    expect(results[2]?.extensions).toBeUndefined();
    expect(results[3]?.extensions?.recovered).toMatchObject({ events: 1, sinceMs: expect.any(Number) });
    unsubscribe();
    expect(ends).toEqual([]);
  });

  it('stands still while it is paused, and goes on after its last durable event', async () => {
    let hasLeft = false;
    const { names, pause, resume, unsubscribe } = await listen(
      async function* (_, socket) {
        yield closed(3);
        await forever(socket);
        hasLeft = true;
      },
      async function* (_, socket) {
        yield closed(4);
        await forever(socket);
      },
    );
    await eventually(() => expect(names()).toEqual(['CandleClosed']));
    pause();
    await eventually(() => expect(hasLeft).toBe(true));
    expect(gateway.asked).toHaveLength(1);
    resume();
    await eventually(() => expect(names()).toEqual(['CandleClosed', 'CandleClosed']));
    expect(gateway.asked[1]).toMatchObject({ snapshot: 0, after: cursorOf(3) });
    unsubscribe();
  });

  it('shows a reset as an event of the subscription', async () => {
    const { names, results, unsubscribe } = await listen(
      async function* () {
        yield heartbeat(3);
        yield reset();
      },
      async function* (_, socket) {
        yield snapshot(1);
        await forever(socket);
      },
    );
    await eventually(() => expect(names()).toEqual(['StreamHeartbeat', 'StreamReset', 'CandleSnapshot']));
    expect(results[1]?.data).toMatchObject({ live: { code: 'CURSOR_EPOCH_MISMATCH' } });
    unsubscribe();
  });

  it('hands on what the gateway refuses, then ends', async () => {
    const { results, ends } = await listen(() => {
      throw refusal('SYMBOL_NOT_FOUND');
    });
    await eventually(() => expect(ends).toEqual(['complete']));
    expect(results).toMatchObject([{ data: null, errors: [{ extensions: { code: 'SYMBOL_NOT_FOUND' } }] }]);
  });
});
