import { describe, expect, it, vi } from 'vitest';
import { createScriptedGateway } from '../testing/scripted-gateway.ts';
import { createFrameBatch } from '../workspace/frame-batch.ts';
import { createNextHourFeed } from './next-hour-feed.ts';

const forecast = (model: string, asOf: string, pUp: number) => ({
  ...{ __typename: 'Forecast', id: `${model}${asOf}`, symbol: 'SIM:BTCUSDT', horizon: '1h', asOf, targetTime: asOf, pUp, skill: null },
  model: { __typename: 'Model', id: model, name: model },
});

describe('the next hour in the watchlist', () => {
  it('is what the model shown first says, as it says it', async () => {
    const gateway = createScriptedGateway();
    gateway.answer('NextHour', () => ({ data: { latestForecasts: [forecast('a', '2022-01-03T12:00:00Z', 0.6)] } }));
    const frames: (() => void)[] = [];
    const feed = createNextHourFeed({ client: gateway.client, frames: createFrameBatch((callback) => frames.push(callback)) });
    const stop = feed.start(['SIM:BTCUSDT']);
    await vi.waitFor(() => expect(feed.state.getState()['SIM:BTCUSDT']?.pUp).toBe(0.6));
    const issue = (said: object) =>
      gateway.send('NextHourEvents', { forecasts: { __typename: 'ForecastIssued', forecast: said, cursor: 'c' } });
    issue(forecast('a', '2022-01-03T12:01:00Z', 0.4));
    issue(forecast('b', '2022-01-03T12:01:00Z', 0.9));
    frames.shift()?.();
    expect(feed.state.getState()['SIM:BTCUSDT']?.pUp).toBe(0.4);
    stop();
    expect(gateway.running()).toEqual([]);
  });

  it('asks for at most fifty pairs', async () => {
    const gateway = createScriptedGateway();
    gateway.answer('NextHour', () => ({ data: { latestForecasts: [] } }));
    const feed = createNextHourFeed({ client: gateway.client, frames: createFrameBatch(() => undefined) });
    const stop = feed.start(Array.from({ length: 60 }, (_, pair) => `SIM:P${pair}`));
    await vi.waitFor(() => expect(gateway.asked.find(({ name }) => name === 'NextHour')?.variables.symbols).toHaveLength(50));
    stop();
  });
});
