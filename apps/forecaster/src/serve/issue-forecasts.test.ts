import { addMs, type InstrumentId, MINUTE_MS, systemClock, toInstrumentId } from '@candlecast/domain';
import { createInstrumentWriter } from '@candlecast/store';
import { createMetrics } from '@candlecast/telemetry';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMinuteBuffer } from '../features/minute-series.ts';
import { createEwmaNormal, EWMA_NORMAL } from '../models/ewma-normal.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { createIssuer } from './issue-forecasts.ts';
import { createCostLoader } from './load-costs.ts';
import { createServeMetrics } from './metrics.ts';

/** More than two transactions take. */
const INSTRUMENTS = 401;
const walk = randomWalk({ minutes: 307, seed: 3 });
const ids: readonly InstrumentId[] = Array.from({ length: INSTRUMENTS }, (_, index) => toInstrumentId(VENUE, `MANY${index}USDT`));

let market: TestMarket;
/** Instruments of each transaction that was asked for. */
let sizes: number[];
/** The transaction that fails, counted from 1. */
let failing: number | undefined;
let issue: ReturnType<typeof createIssuer>;

beforeEach(async () => {
  market = await openTestMarket();
  sizes = [];
  failing = undefined;
  const newest = walk.at(-1);
  if (!newest) throw new Error('the walk is empty');
  const asOf = addMs(newest.openTime, MINUTE_MS);
  await market.setTime(asOf);
  await createInstrumentWriter(market.database).upsertInstruments(
    ids.map((id) => ({
      id,
      venue: VENUE,
      symbol: id.slice(4),
      baseAsset: id.slice(4, -4),
      quoteAsset: 'USDT',
      tickSize: null,
      stepSize: null,
    })),
  );
  const buffer = createMinuteBuffer(walk.length);
  for (const candle of walk) buffer.put(candle);
  const reference = await market.writer.saveModel(EWMA_NORMAL);
  issue = createIssuer(
    {
      predictors: () => [createEwmaNormal(reference)],
      reference,
      codeVersion: 'test',
      histories: { find: () => ({ series: buffer.series(), asOf, refPrice: newest.close }) },
      paceOf: () => 'EVERY_CLOSE',
      paces: market.paces,
      costs: createCostLoader(market.books, 10),
      calibrations: { find: () => undefined },
      writer: {
        async appendForecasts(batches, deadlineMs) {
          sizes.push(batches.length);
          if (sizes.length === failing) throw new Error('the connection is lost');
          return market.writer.appendForecasts(batches, deadlineMs);
        },
      },
      clocks: market.instruments,
      clock: systemClock,
      metrics: createServeMetrics(createMetrics()),
    },
    VENUE,
    60_000,
  );
});

afterEach(() => market.drop());

it('stores the forecasts of many instruments in several transactions, each once', async () => {
  const stored = await issue(ids);
  expect(sizes).toEqual([200, 200, 1]);
  expect(new Set(stored.map(({ instrumentId }) => instrumentId)).size).toBe(INSTRUMENTS);
  expect(stored.length % INSTRUMENTS).toBe(0);
  expect((await market.ledger.findLedgerHead(VENUE)).seq).toBe(stored.length);
});

it('fails where one of them fails, and stores what is missing when it is asked again', async () => {
  failing = 2;
  await expect(issue(ids)).rejects.toThrow('the connection is lost');
  const { seq: before } = await market.ledger.findLedgerHead(VENUE);
  expect(before).toBeGreaterThan(0);
  await issue(ids);
  // The first two hundred were stored whole.
  expect((await market.ledger.findLedgerHead(VENUE)).seq).toBe((before / 200) * INSTRUMENTS);
});
