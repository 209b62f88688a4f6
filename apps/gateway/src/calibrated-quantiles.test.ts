import { toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { at } from './testing/test-market.ts';

let scored: ScoredMarket;
beforeAll(async () => {
  scored = await startScoredMarket();
});
afterAll(() => scored.market.stop());

interface Node {
  readonly asOf: string;
  readonly calibratedAt: string | null;
  readonly quantiles: { readonly level: number; readonly value: string; readonly calibrated: string | null }[];
  readonly resolution: {
    readonly outer: boolean | null;
    readonly inner: boolean | null;
    readonly crps: number;
    readonly crpsCalibrated: number | null;
  };
}

describe('calibrated quantiles', () => {
  it('stand beside the raw ones and are scored beside them, and are null where too little had matured', async () => {
    const { forecasts } = await scored.ask<{ forecasts: { edges: { node: Node }[] } }>(
      `{ forecasts(symbol: "BTCUSDT", horizon: "30m", modelId: ${scored.model.id}) { edges { node {
        asOf calibratedAt quantiles { level value calibrated }
        resolution { crps crpsCalibrated outer: inBand(level: 0.95, calibrated: true) inner: inBand(level: 0.9, calibrated: true) } } } } }`,
    );
    const nodes = forecasts.edges.map(({ node }) => node);
    expect(nodes.map(({ calibratedAt }) => calibratedAt)).toEqual([null, toIso(at(0)), null, null, null]);
    expect(nodes[1]?.quantiles.map(({ calibrated }) => calibrated)).toEqual(
      nodes[1]?.quantiles.map(({ level }) => `${1_000 + 100 * level}`),
    );
    expect(nodes[0]?.quantiles.map(({ calibrated }) => calibrated)).toEqual(Array(9).fill(null));
    expect(nodes[1]?.quantiles.map(({ value }) => value)).toEqual(nodes[0]?.quantiles.map(({ value }) => value));
    expect(nodes[1]?.resolution).toEqual({ crps: 0.9, crpsCalibrated: 0.8, outer: true, inner: false });
    expect(nodes[0]?.resolution).toEqual({ crps: 0.9, crpsCalibrated: null, outer: null, inner: null });
  });
});
