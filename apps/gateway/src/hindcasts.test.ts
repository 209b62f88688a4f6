import { addMs, DAY_MS, type HindcastModel, SECOND_MS, toDecimal, toIso } from '@candlecast/domain';
import { createHindcastWriter } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { type SseResult, subscribeOverSse } from './testing/sse.ts';
import { at, BTC } from './testing/test-market.ts';

/** What is asked before there are hindcasts and again: nothing of it may change. */
const RECORD = `{
  trackRecord(symbol: "BTCUSDT", window: ALL) { model { id } horizons { horizon n missing calls brier skill { value n } } }
  forecasts(symbol: "BTCUSDT", last: 100) { edges { node { id kind hash skill { n value } } } }
  latestForecasts(symbols: ["BTCUSDT"]) { id kind skill { n value } }
  paperRecord(symbol: "BTCUSDT", horizon: "30m") { trades totalNetBps { value } }
  models { edges { node { id } } }
  ledgerHead { seq hash }
}`;

let scored: ScoredMarket;
let model: HindcastModel;
let before: unknown;
const readers: AbortController[] = [];

/** Hindcasts of closes 2, 5 and 6, of which 6 was forecast, and of an hour before all of them. */
beforeAll(async () => {
  scored = await startScoredMarket();
  before = await scored.ask(RECORD);
  const writer = createHindcastWriter(scored.market.database);
  model = await writer.saveModel({
    ...{
      instrumentId: BTC,
      name: 'har-s',
      trainedFrom: addMs(at(-100), -60 * DAY_MS),
      trainedThrough: at(-100),
      dataHash: 'ab'.repeat(32),
    },
    ...{ featureSchema: 2, horizons: ['15m', '1h', '4h', '24h'], codeVersion: 'test 1', madeAt: at(40) },
  });
  const rows = [-60, 2, 5, 6].map((minute) => ({
    asOf: at(minute),
    refPrice: toDecimal('1000.50'),
    pUps: [0.5, 0.5, 0.5, 0.5],
    logReturns: Array.from({ length: 36 }, (_, place) => ((place % 9) - 4) / 256),
  }));
  await writer.appendHindcasts(model, rows, { grid: 'hours', walkedUntil: at(7) });
});
afterAll(() => scored.market.stop());
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort();
});

const minuteOf = (asOf: string) => (Date.parse(asOf) - at(0)) / 60_000;
type Row = Readonly<Record<string, unknown>> & { readonly id: string; readonly asOf: string; readonly horizon: string };

describe('hindcasts', () => {
  const page = async (args: string, fields = 'id kind asOf horizon') =>
    (
      await scored.ask<{ hindcasts: { edges: { node: Row; cursor: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(
        `{ hindcasts(symbol: "BTCUSDT", ${args}) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).hindcasts;
  const range = (from: number, to: number) => `from: "${toIso(at(from))}", to: "${toIso(at(to))}"`;
  const said = ({ edges }: { edges: { node: Row }[] }) => edges.map(({ node }) => `${minuteOf(node.asOf)} ${node.horizon}`);

  it('come in the order of asOf and horizon, page by page, in the range and of the horizon asked for', async () => {
    const all = await page(range(-100, 100));
    expect(said(all)).toEqual([-60, 2, 5, 6].flatMap((minute) => ['15m', '1h', '4h', '24h'].map((horizon) => `${minute} ${horizon}`)));
    const seen: string[] = [];
    for (let after = ''; ; ) {
      const rows = await page(`${range(-100, 100)}, first: 3 ${after}`);
      seen.push(...said(rows));
      if (!rows.pageInfo.hasNextPage) break;
      after = `after: "${rows.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual(said(all));
    const last = await page(`${range(-100, 100)}, last: 5`);
    expect(said(last)).toEqual(said(all).slice(-5));
    expect(said(await page(`${range(-100, 100)}, last: 2, before: "${last.edges[0]?.cursor}"`))).toEqual(said(all).slice(-7, -5));
    expect(said(await page(`${range(2, 6)}, horizon: "4h"`))).toEqual(['2 4h', '5 4h']);
    expect(said(await page(`${range(2, 6)}, horizon: "30m"`))).toEqual([]);
  });

  it('are labelled, told with a model that was trained before them, and stand in no ledger, unscored', async () => {
    const fields = `id kind symbol horizon asOf targetTime issuedAt timing refPrice pUp quantiles { level logReturn value calibrated } calibratedAt
      model { id name version kind sha256 trainedFrom trainedThrough featureSchema } inputHash codeVersion baseline { sigma } signal { action }
      ledgerSeq prevHash hash resolution { actual } skill { n } disclaimer`;
    const { edges } = await page(range(-100, 100), fields);
    expect(edges.every(({ node }) => node.kind === 'HINDCAST')).toBe(true);
    const node = edges[1]?.node;
    expect(node).toMatchObject({
      ...{ symbol: BTC, horizon: '1h', asOf: toIso(at(-60)), targetTime: toIso(at(0)), issuedAt: toIso(at(-60)), timing: 'LATE' },
      ...{ refPrice: '1000.50', pUp: 0.5, inputHash: model.dataHash, codeVersion: 'test 1' },
      ...{ baseline: null, signal: null, calibratedAt: null, resolution: null, skill: null, ledgerSeq: 0, prevHash: '', hash: '' },
      model: {
        ...{
          id: `hindcast:${model.id}`,
          name: 'har-s',
          version: `${toIso(at(-100)).slice(0, 10)}-abababab`,
          kind: 'BASELINE',
          sha256: null,
        },
        ...{ trainedFrom: toIso(model.trainedFrom), trainedThrough: toIso(at(-100)), featureSchema: 2 },
      },
    });
    const { quantiles } = node as unknown as { quantiles: unknown[] };
    expect(quantiles[8]).toEqual({
      ...{ level: 0.975, logReturn: 4 / 256, value: (1000.5 * Math.exp(4 / 256)).toFixed(2), calibrated: null },
    });
    const one = await scored.ask<{ forecast: Row | null }>(`{ forecast(id: "${node?.id}") { ${fields} } }`);
    expect(one.forecast).toEqual(node);
    expect(await scored.ask(`{ forecast(id: "hindcast:${BTC}:1h:${at(3)}") { id } }`)).toEqual({ forecast: null });
  });

  it('refuse what is not asked well', async () => {
    const codeOf = async (args: string) => {
      const { errors } = await post(scored.httpUrl, `{ hindcasts(symbol: "BTCUSDT", ${args}) { edges { node { id } } } }`);
      return errors[0]?.extensions?.code;
    };
    expect(await codeOf(`${range(0, 9)}, first: 3, before: "x"`)).toBe('BAD_USER_INPUT');
    expect(await codeOf(range(9, 0))).toBe('BAD_USER_INPUT');
    expect(await codeOf(`${range(0, 9)}, first: 5001`)).toBe('RANGE_TOO_LARGE');
    expect(await codeOf(`${range(0, 9)}, after: "x"`)).toBe('CURSOR_INVALID');
    expect(await codeOf(`${range(0, 9)}, after: "${Buffer.from(`p1.${at(2)}.99`).toString('base64url')}"`)).toBe('CURSOR_INVALID');
  });

  it('leave ledger, skill, track record, models and what is shown as they were', async () => {
    expect(await scored.ask(RECORD)).toEqual(before);
    expect(JSON.stringify(before)).not.toContain('HINDCAST');
  });
});

describe('forecastPath in the past', () => {
  const path = (minute: number, ms = 0) =>
    post<{ forecastPath: Record<string, unknown> }>(
      scored.httpUrl,
      `{ forecastPath(symbol: "BTCUSDT", at: "${toIso(addMs(at(minute), ms))}") { kind asOf issuedAt refPrice model { id } t median bands { upper } } }`,
    );

  it('is as issued then, else a hindcast, and neither where there is none', async () => {
    const { data } = await path(2, 30 * SECOND_MS);
    expect(data.forecastPath).toMatchObject({
      kind: 'HINDCAST',
      asOf: toIso(at(2)),
      issuedAt: toIso(at(2)),
      model: { id: `hindcast:${model.id}` },
    });
    const { t, bands } = data.forecastPath as { t: number[]; bands: { upper: number[] }[] };
    expect([t.length, t[0]]).toEqual([1_440, at(3) / 1_000]);
    expect(bands[3]?.upper[59]).toBeCloseTo(1000.5 * Math.exp(4 / 256), 8);
    expect((await path(6, 5 * SECOND_MS)).data.forecastPath).toMatchObject({ kind: 'ISSUED', asOf: toIso(at(6)) });
    expect((await path(-61)).errors[0]?.extensions?.code).toBe('NOT_FOUND');
  });
});

describe('a replay over moments at which nothing was issued', () => {
  const QUERY = `subscription ($after: Cursor, $clock: ClockInput, $horizons: [Horizon!]) {
    forecasts(symbols: ["BTCUSDT"], horizons: $horizons, after: $after, clock: $clock) {
      __typename
      ... on ForecastIssued { cursor head { seq } forecast { kind asOf issuedAt horizon model { name trainedThrough } resolution { actual } skill { n } } }
      ... on ForecastResolved { cursor forecast { kind asOf horizon } }
      ... on StreamHeartbeat { at cursor }
    } }`;
  const toEvents = (results: readonly SseResult[]) =>
    results.flatMap(({ data }) => {
      const event = data?.forecasts as unknown as { __typename: string; cursor: string; head: unknown; forecast: Row } | undefined;
      return event ? [event] : [];
    });

  /** Plays from an hour and a half before the first minute, or behind a cursor, to the present. */
  async function play(variables: Record<string, unknown>) {
    const reader = new AbortController();
    readers.push(reader);
    const clock = { replayFrom: toIso(at(-90)), speed: 3_600, anchoredAt: toIso(at(40)) };
    const results: SseResult[] = [];
    let isOver = false;
    void (async () => {
      try {
        for await (const result of subscribeOverSse(scored.httpUrl, QUERY, { clock, ...variables }, reader.signal)) results.push(result);
        isOver = true;
      } catch (cause) {
        if (!reader.signal.aborted) throw cause;
      }
    })();
    await eventually(() => expect(toEvents(results)[0]?.__typename).toBe('StreamHeartbeat'));
    scored.market.clock.advance(4 * SECOND_MS); // of its four hours two and a bit lie before the present
    await eventually(() => expect(isOver).toBe(true));
    scored.market.clock.set(at(40));
    return toEvents(results).filter(({ __typename }) => __typename !== 'StreamHeartbeat');
  }

  it('serves hindcasts there, labelled, at their asOf, and what was issued everywhere else', async () => {
    const events = await play({ horizons: ['1h', '4h'] });
    const issued = events.filter(({ __typename }) => __typename === 'ForecastIssued');
    expect(issued.map(({ forecast }) => `${minuteOf(forecast.asOf)} ${forecast.horizon} ${forecast.kind}`)).toEqual([
      ...['-60 1h HINDCAST', '-60 4h HINDCAST', '2 1h HINDCAST', '2 4h HINDCAST', '3 1h ISSUED', '4 1h ISSUED'],
      ...['5 1h HINDCAST', '5 4h HINDCAST', '6 4h HINDCAST', '6 1h ISSUED', '7 1h ISSUED', '8 1h ISSUED'],
    ]);
    for (const { forecast, head } of issued.filter(({ forecast: { kind } }) => kind === 'HINDCAST')) {
      expect(forecast).toMatchObject({ issuedAt: forecast.asOf, resolution: null, skill: null, model: { name: 'har-s' } });
      expect(Date.parse((forecast.model as { trainedThrough: string }).trainedThrough)).toBeLessThan(Date.parse(forecast.asOf));
      expect(head).toBeNull();
    }
    expect(events.filter(({ __typename, forecast }) => __typename === 'ForecastResolved' && forecast.kind === 'HINDCAST')).toEqual([]);
  });

  it('goes on behind the cursor of a hindcast', async () => {
    const all = await play({});
    const at = all.findIndex(({ forecast }) => forecast.kind === 'HINDCAST' && minuteOf(forecast.asOf) === 5 && forecast.horizon === '1h');
    expect(at).toBeGreaterThan(0);
    const rest = await play({ after: all[at]?.cursor });
    expect(rest.map(({ cursor }) => cursor)).toEqual(all.slice(at + 1).map(({ cursor }) => cursor));
  });
});
