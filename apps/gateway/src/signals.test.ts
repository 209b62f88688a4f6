import { toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { at } from './testing/test-market.ts';

let scored: ScoredMarket;
beforeAll(async () => {
  scored = await startScoredMarket();
});
afterAll(() => scored.market.stop());

const FIELDS = `symbol horizon action expectedMoveBps costBps edgeBps feeBps spreadBps spreadAt rule asOf issuedAt targetTime timing forecastId
  model { id } disclaimer`;
type Row = Record<string, unknown>;
const signals = async (args: string) => (await scored.ask<{ signals: Row[] }>(`{ signals(${args}) { ${FIELDS} } }`)).signals;

describe('signals', () => {
  it('are those of the forecasts that are shown first, with what they reckon with and the warning', async () => {
    const rows = await signals('symbols: ["ETHUSDT", "BTCUSDT"]');
    expect(rows.map(({ symbol, horizon, action }) => `${symbol} ${horizon} ${action}`)).toEqual(
      ['15m', '30m', '1h', '24h'].map((horizon) => `SIM:BTCUSDT ${horizon} BUY`),
    );
    expect(rows[1]).toMatchObject({
      ...{ expectedMoveBps: 50, costBps: 22, edgeBps: 28, feeBps: 10, spreadBps: 2, rule: 1, timing: 'LATE' },
      spreadAt: toIso((at(8) - 1_000) as never),
      asOf: toIso(at(8)),
      targetTime: toIso(at(38)),
      model: { id: `${scored.model.id}` },
      disclaimer: expect.stringMatching(/^Not financial advice/),
    });
    const [row] = await signals('symbols: ["BTCUSDT"], horizons: ["1h"]');
    const { forecast } = await scored.ask<{ forecast: Row }>(
      `{ forecast(id: "${row?.forecastId}") { horizon issuedAt signal { ${FIELDS} } } }`,
    );
    expect(forecast).toEqual({ horizon: '1h', issuedAt: row?.issuedAt, signal: row });
  });

  it('are of the past what they were then, and HOLD where no edge is expected', async () => {
    const then = await signals(`symbols: ["BTCUSDT"], horizons: ["30m"], asOf: { knownAt: "${toIso(at(8))}" }`);
    expect(then).toMatchObject([{ asOf: toIso(at(7)), spreadAt: null, timing: 'ON_TIME', action: 'BUY' }]);
    const { forecasts } = await scored.ask<{ forecasts: { edges: { node: { signal: Row } }[] } }>(
      `{ forecasts(symbol: "BTCUSDT", modelId: ${scored.ewma.id}) { edges { node { signal { action expectedMoveBps edgeBps } } } } }`,
    );
    expect(forecasts.edges.map(({ node }) => node.signal)).toEqual(
      forecasts.edges.map(() => ({ action: 'HOLD', expectedMoveBps: 0, edgeBps: -22 })),
    );
    expect(forecasts.edges.length).toBeGreaterThan(0);
  });

  it('are none of a forecast from before they were kept', async () => {
    await scored.market.database.sessions.pool.query(
      `set session_replication_role = replica; update forecast set signal = null, signal_rule = null, fee_bps = null, spread_bps = null, spread_at = null
       where horizon = '24h'; set session_replication_role = origin`,
    );
    expect(await signals('symbols: ["BTCUSDT"], horizons: ["24h"]')).toEqual([]);
    const { latestForecasts } = await scored.ask<{ latestForecasts: Row[] }>(
      '{ latestForecasts(symbols: ["BTCUSDT"], horizons: ["24h"]) { horizon signal { action } } }',
    );
    expect(latestForecasts).toEqual([{ horizon: '24h', signal: null }]);
  });

  it('refuse a moment that lies ahead', async () => {
    const { errors } = await post(
      scored.httpUrl,
      '{ signals(symbols: ["BTCUSDT"], asOf: { knownAt: "2999-01-01T00:00:00Z" }) { action } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
