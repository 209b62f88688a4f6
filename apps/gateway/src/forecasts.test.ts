import { createHash } from 'node:crypto';
import { createClient, type ForecastStreamEvent } from '@candlecast/client';
import {
  addMs,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type Model,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
  toIso,
} from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { post } from './testing/post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const INPUT = new Uint8Array([1, 2, 3, 4]);
const DEADLINE_MS = 1_000_000_000_000; // the market of this test stands in 2022

let market: TestMarket;
let httpUrl: string;
let model: Model;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, 5);
  ({ httpUrl } = await market.startGateway());
  model = await market.forecasts.saveModel({
    name: 'lstm-test',
    version: '1',
    kind: 'LSTM',
    sha256: 'a'.repeat(64),
    artifactPath: 'models/lstm-test.onnx',
    trainedFrom: at(-1_000),
    trainedThrough: at(0),
    featureSchema: 1,
    card: {},
  });
});

afterAll(() => market.stop());

function issue(id: InstrumentId, minute: number, ...horizons: Horizon[]) {
  const asOf = at(minute);
  const forecasts = horizons.map((horizon) => ({
    instrumentId: id,
    modelId: model.id,
    horizon,
    asOf,
    targetTime: addMs(asOf, horizonMs(horizon)),
    refPrice: toDecimal('1000.50'),
    pUp: 0.625,
    reference: { modelId: model.id, sigma: 0.01 },
    quantiles: QUANTILE_LEVELS.map((level) => ({
      level,
      logReturn: level - 0.5,
      value: toDecimal(`${1_000 + Math.round(level * 10)}.00`),
    })),
  }));
  return market.forecasts.appendForecasts(
    [{ instrumentId: id, modelId: model.id, asOf, input: INPUT, codeVersion: 'test', forecasts }],
    DEADLINE_MS,
  );
}

describe('latestForecasts', () => {
  it('shows each forecast with its model, its input and the warning', async () => {
    await issue(BTC, 4, '1h');
    await issue(BTC, 5, '1h', '4h');
    const { data, errors } = await post<{ latestForecasts: Record<string, unknown>[] }>(
      httpUrl,
      `{ latestForecasts(symbols: ["BTCUSDT", "ETHUSDT"], horizons: ["1h"]) {
        id symbol horizon asOf targetTime issuedAt timing refPrice pUp inputHash disclaimer
        quantiles { level value logReturn } model { id name version kind sha256 trainedThrough }
      } }`,
    );
    expect(errors).toEqual([]);
    expect(data.latestForecasts).toHaveLength(1);
    expect(data.latestForecasts[0]).toMatchObject({
      symbol: BTC,
      horizon: '1h',
      asOf: toIso(at(5)),
      targetTime: toIso(at(65)),
      timing: 'ON_TIME',
      refPrice: '1000.50',
      pUp: 0.625,
      inputHash: createHash('sha256').update(INPUT).digest('hex'),
      quantiles: expect.arrayContaining([{ level: 0.025, value: '1000.00', logReturn: -0.475 }]),
      disclaimer: expect.stringContaining('Not financial advice'),
      model: { id: `${model.id}`, name: 'lstm-test', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64), trainedThrough: toIso(at(0)) },
    });
  });
});

describe('the forecast stream', () => {
  it('shows every forecast of the horizons asked for, once, over a cut', async () => {
    const sockets: WebSocket[] = [];
    class CuttableSocket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        sockets.push(this);
      }
    }
    const client = createClient({ url: httpUrl, webSocketImpl: CuttableSocket });
    const stopping = new AbortController();
    const events: ForecastStreamEvent[] = [];
    const reading = (async () => {
      for await (const event of client.forecasts.stream({ symbols: [BTC], horizons: ['2h'], signal: stopping.signal })) events.push(event);
    })();
    const issued = () => events.flatMap((event) => (event.kind === 'issued' ? event.forecast.asOf : []));
    await eventually(() => expect(events.some(({ kind }) => kind === 'heartbeat')).toBe(true));
    await issue(BTC, 10, '1h', '2h');
    await issue(ETH, 10, '2h');
    await eventually(() => expect(issued()).toEqual([toIso(at(10))]));
    sockets[0]?.terminate();
    await issue(BTC, 11, '2h', '4h');
    await issue(BTC, 12, '2h');
    await eventually(() => expect(issued()).toEqual([at(10), at(11), at(12)].map(toIso)));
    await eventually(() => expect(events.find(({ kind }) => kind === 'recovered')).toMatchObject({ kind: 'recovered' }));
    expect(events.find((event) => event.kind === 'issued')).toMatchObject({
      forecast: { symbol: BTC, horizon: '2h', model: { name: 'lstm-test' } },
    });
    stopping.abort();
    await reading;
    await client.close();
  });

  it('carries the head of the ledger with ForecastIssued and what came of it with ForecastResolved, live and after a cursor', async () => {
    const client = createClient({ url: httpUrl, webSocketImpl: WebSocket });
    const stopping = new AbortController();
    const follow = (after?: string) => {
      const events: ForecastStreamEvent[] = [];
      const options = { symbols: [BTC], horizons: ['5m'], signal: stopping.signal, ...(after !== undefined && { after }) };
      const reading = (async () => {
        for await (const event of client.forecasts.stream(options)) events.push(event);
      })();
      return { events, reading };
    };
    const live = follow();
    await eventually(() => expect(live.events.some(({ kind }) => kind === 'heartbeat')).toBe(true));
    const [said] = await issue(BTC, 20, '5m');
    await market.close(BTC, 5, 25);
    const score: Score = {
      isReference: false,
      logReturn: 0.1,
      hit: true,
      band: 80,
      absErr: toDecimal('1.5'),
      absErrNaive: toDecimal('2.5'),
      crps: 0.1,
      crpsReference: 0.2,
      brier: 0.1,
      crpsCalibrated: null,
      bandCalibrated: null,
      scorer: 1,
    };
    expect(await market.scorer.resolveMatured({ venue: 'SIM', limit: 100, score: () => score })).not.toHaveLength(0);
    const issued = (events: readonly ForecastStreamEvent[]) => events.find((event) => event.kind === 'issued');
    const resolved = (events: readonly ForecastStreamEvent[]) => events.filter((event) => event.kind === 'resolved');
    await eventually(() => expect(resolved(live.events)).toHaveLength(1));
    expect(issued(live.events)).toMatchObject({
      forecast: { id: said?.id, hash: said?.hash, resolution: null },
      head: { venue: 'SIM', seq: said?.ledgerSeq, hash: said?.hash },
    });
    const late = follow(issued(live.events)?.cursor);
    await eventually(() => expect(resolved(late.events)).toEqual(resolved(live.events)));
    expect(resolved(late.events)[0]).toMatchObject({
      forecast: { id: said?.id, resolution: { actual: '1024.50', hit: true, absErr: '1.5' } },
    });
    stopping.abort();
    await Promise.all([live.reading, late.reading]);
    await client.close();
  });
});
