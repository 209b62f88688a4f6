import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it, vi } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createFrameBatch } from '../workspace/frame-batch.ts';
import { createForecastFeed } from './forecast-feed.ts';
import type { RenderedForecasts } from './load-past.ts';

const SYMBOL = 'SIM:BTCUSDT';
const NOW = Date.parse('2022-01-03T12:00:00Z') as EpochMs;

function card(model: string, asOf: string, horizon = '1h') {
  return {
    ...{ __typename: 'Forecast', id: `${model} ${asOf} ${horizon}`, symbol: SYMBOL, horizon, asOf, issuedAt: asOf, targetTime: asOf },
    ...{ timing: 'ON_TIME', refPrice: '100', pUp: 0.6, disclaimer: '', quantiles: [], signal: null },
    model: { __typename: 'Model', id: model, name: model, version: '1' },
  };
}

function record(n: number) {
  return {
    ...{ __typename: 'HorizonRecord', horizon: '1h', n, onTime: n, late: 0, void: 0, missing: 0, waiting: 0, calls: n, brier: null },
    ...{ hitRate: null, maeRatio: null, coverage: [], skill: null },
  };
}

function setUp(rendered?: RenderedForecasts) {
  const gateway = createScriptedGateway();
  const latest = [card('champion', '2022-01-03T11:59:00Z')];
  gateway.answer('ForecastCards', () => ({ data: { latestForecasts: latest } }));
  gateway.answer('TrackRecord', ({ modelId }) => ({
    data: {
      trackRecord: {
        ...{ __typename: 'TrackRecord', from: '', to: '', disclaimer: '', model: null },
        horizons: [record(modelId === 'champion' ? 7 : 0)],
      },
    },
  }));
  const page = { edges: [], pageInfo: { __typename: 'PageInfo', hasPreviousPage: false, startCursor: null } };
  gateway.answer('ForecastHistory', () => ({ data: { forecasts: { __typename: 'ForecastConnection', ...page } } }));
  const frames: (() => void)[] = [];
  const feed = createForecastFeed({
    client: gateway.client,
    frames: createFrameBatch((callback) => frames.push(callback)),
    symbol: SYMBOL,
    venueNow: () => NOW,
    rendered,
  });
  return { gateway, feed, paint: () => frames.shift()?.() };
}

describe('the forecasts of a pair', () => {
  it('are those of the model that is shown first, with its own record; what a challenger says changes no card', async () => {
    const { gateway, feed, paint } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState().records['1h']).toMatchObject({ n: 7 }));
    const issued = (forecast: object) =>
      gateway.send('ForecastEvents', { forecasts: { __typename: 'ForecastIssued', forecast, cursor: 'c' } });
    issued(card('challenger', '2022-01-03T12:00:00Z'));
    issued(card('champion', '2022-01-03T12:00:00Z'));
    issued(card('challenger', '2022-01-03T12:01:00Z'));
    paint();
    expect(feed.state.getState().cards['1h']).toMatchObject({ model: { id: 'champion' }, asOf: '2022-01-03T12:00:00Z' });
    stop();
    expect(gateway.running()).toEqual([]);
  });

  it('are there at once where the page was rendered with them', () => {
    const rendered = { cards: [card('champion', '2022-01-03T11:58:00Z')], records: { '1h': record(5) }, history: [] };
    const { feed } = setUp(rendered as unknown as RenderedForecasts);
    expect(feed.state.getState()).toMatchObject({
      phase: 'ready',
      cards: { '1h': { model: { id: 'champion' } } },
      records: { '1h': { n: 5 } },
    });
  });

  it('asks for what the grid shows of each card’s model', async () => {
    const { gateway, feed } = setUp();
    const stop = feed.start();
    await vi.waitFor(() => expect(gateway.asked.map(({ name }) => name)).toContain('ForecastHistory'));
    const asked = gateway.asked.find(({ name }) => name === 'ForecastHistory');
    expect(asked?.variables).toMatchObject({ horizon: '1h', modelId: 'champion', from: '2022-01-03T09:15:00.000Z' });
    stop();
  });

  it('say what failed, and keep what was there', async () => {
    const { gateway, feed } = setUp();
    gateway.answer('ForecastCards', () => ({ errors: [{ message: 'too much', extensions: { code: 'RATE_LIMITED' } }] as never }));
    const stop = feed.start();
    await vi.waitFor(() => expect(feed.state.getState()).toMatchObject({ phase: 'failed', failure: { code: 'RATE_LIMITED' } }));
    stop();
  });
});
