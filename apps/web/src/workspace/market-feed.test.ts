import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it, vi } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createFrameBatch } from './frame-batch.ts';
import { createMarketFeed } from './market-feed.ts';

const NOON = Date.parse('2022-01-31T12:00:00Z');

function freshness(lastEventAt: string | null, stalenessMs: number | null) {
  const pair = { symbol: 'SIM:BTCUSDT', venue: 'SIM', state: 'LIVE', feedState: 'LIVE' } as const;
  return { ...pair, lastEventAt, stalenessMs };
}

function setUp() {
  const gateway = createScriptedGateway();
  const answers = [{ __typename: 'Freshness', ...freshness('2022-01-31T12:00:00.000Z', 1_500) }];
  gateway.answer('Market', () => ({ data: { marketSummary: [], freshness: answers } }));
  const frames: (() => void)[] = [];
  const feed = createMarketFeed({
    client: gateway.client,
    frames: createFrameBatch((callback) => frames.push(callback)),
    wall: { now: () => 5_000 as EpochMs },
    freshness: [freshness(null, null), freshness('2022-01-31T12:00:00.000Z', 500)],
  });
  const running = () => vi.waitFor(() => expect(gateway.running()).toEqual(['FeedStatus', 'Prices']));
  return { gateway, feed, running, paint: () => frames.shift()?.() };
}

describe('the market feed', () => {
  it('knows the venue time that the page was rendered at', () => {
    expect(setUp().feed.state.getState()).toMatchObject({ venueNow: NOON + 500, feedState: 'LIVE' });
  });

  it('keeps the newest price of each pair, a frame at a time', async () => {
    const { gateway, feed, running, paint } = setUp();
    const stop = feed.start(['SIM:BTCUSDT', 'SIM:ETHUSDT']);
    await running();
    const update = (symbol: string, close: string) => ({
      candles: { __typename: 'CandleUpdate', symbol, candle: { close, knownAt: '2022-01-31T12:00:00.000Z' } },
    });
    gateway.send('Prices', update('SIM:BTCUSDT', '100.10'));
    gateway.send('Prices', update('SIM:ETHUSDT', '7.00'));
    gateway.send('Prices', update('SIM:BTCUSDT', '100.20'));
    expect(feed.state.getState().prices).toEqual({});
    paint();
    expect(feed.state.getState().prices).toEqual({
      'SIM:BTCUSDT': { last: '100.20', knownAt: NOON },
      'SIM:ETHUSDT': { last: '7.00', knownAt: NOON },
    });
    stop();
  });

  it('follows the state of the feed and sets its clock by what the gateway answers', async () => {
    const { gateway, feed, running } = setUp();
    const stop = feed.start(['SIM:BTCUSDT']);
    await running();
    await vi.waitFor(() => expect(gateway.asked.map(({ name }) => name)).toContain('Market'));
    gateway.send('FeedStatus', { feedStatus: { venue: 'SIM', state: 'RECONNECTING' } });
    expect(feed.state.getState().feedState).toBe('RECONNECTING');
    await vi.waitFor(() => expect(feed.state.getState().venueNow).toBe(NOON + 1_500), { timeout: 5_000 });
    stop();
    expect(gateway.running()).toEqual([]);
  });
});
