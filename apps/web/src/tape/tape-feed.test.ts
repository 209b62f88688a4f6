import { describe, expect, it, vi } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createFrameBatch } from '../workspace/frame-batch.ts';
import { createTapeFeed } from './tape-feed.ts';
import { TAPE_ROWS } from './trade-tape.ts';

const SYMBOL = 'SIM:BTCUSDT';

function trade(id: number) {
  return {
    __typename: 'Trade',
    id: `${id}`,
    symbol: SYMBOL,
    time: '2022-01-03T12:00:00Z',
    price: '100',
    size: '1',
    takerSide: 'BUY',
    leftOut: 0,
  };
}

function setUp() {
  const gateway = createScriptedGateway();
  const edges = [trade(1), trade(2)].map((node) => ({ __typename: 'TradeEdge', node }));
  gateway.answer('RecentTrades', () => ({ data: { trades: { __typename: 'TradeConnection', edges } } }));
  const frames: (() => void)[] = [];
  const feed = createTapeFeed({ client: gateway.client, frames: createFrameBatch((callback) => frames.push(callback)), symbol: SYMBOL });
  return { gateway, feed, paint: () => frames.shift()?.() };
}

describe('the tape of a pair', () => {
  it('begins with the newest trades and goes on with what comes', async () => {
    const { gateway, feed, paint } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().tape.trades).toHaveLength(2));
    gateway.send('Trades', { trades: trade(2) });
    gateway.send('Trades', { trades: trade(3) });
    gateway.send('TopOfBook', { topOfBook: { symbol: SYMBOL, bidPrice: '99', askPrice: '101', midPrice: '100', spread: '2' } });
    expect(feed.state.getState().book).toBeUndefined();
    paint();
    expect(feed.state.getState().tape.trades.map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(feed.state.getState().book?.askPrice).toBe('101');
    stop();
    expect(gateway.running()).toEqual([]);
  });

  it('does not fill up while nothing is painted, and counts what it let go', async () => {
    const { gateway, feed, paint } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().tape.trades).toHaveLength(2));
    for (let id = 3; id < 3 + TAPE_ROWS + 10; id += 1) gateway.send('Trades', { trades: trade(id) });
    paint();
    const { tape } = feed.state.getState();
    expect(tape.trades).toHaveLength(TAPE_ROWS);
    expect(tape.leftOut).toBe(10);
    stop();
  });

  it('begins anew where it was stopped: what was traded meanwhile would be missing', async () => {
    const { gateway, feed, paint } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().tape.trades).toHaveLength(2));
    gateway.send('Trades', { trades: trade(3) });
    paint();
    stop();
    const edges = [trade(8), trade(9)].map((node) => ({ __typename: 'TradeEdge', node }));
    gateway.answer('RecentTrades', () => ({ data: { trades: { __typename: 'TradeConnection', edges } } }));
    const stopAgain = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().tape.trades.map(({ id }) => id)).toEqual(['9', '8']));
    stopAgain();
  });
});
