import {
  addMs,
  DAY_MS,
  type EpochMs,
  HORIZONS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  MINUTE_MS,
  type Model,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
  toInstrumentId,
  toSignal,
} from '@candlecast/domain';
import { createBookWriter, createChampionStore, createExternalWriter, createTradeWriter } from '@candlecast/store';
import fc from 'fast-check';
import { minuteOf, START, type TestMarket } from './test-market.ts';

/** What happens to an instrument and to those who forecast it, one thing after the other. */
export type MarketDeed = { readonly do: 'close' | 'skip'; readonly minutes: number } | { readonly do: Plain };
type Plain = 'fill' | 'excuse' | 'correct' | 'issue' | 'retrain' | 'promote' | 'resolve' | 'quote' | 'trade' | 'revise' | 'widen';

const PLAIN: readonly Plain[] = ['fill', 'excuse', 'correct', 'retrain', 'promote', 'quote', 'trade', 'revise', 'widen'];
const plain = (weight: number, ...deeds: readonly Plain[]) => ({
  weight,
  arbitrary: fc.record({ do: fc.constantFrom(...deeds) }),
});

/** Any history. */
export const marketDeeds: fc.Arbitrary<MarketDeed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('close' as const), minutes: fc.constantFrom(1, 2, 7, 31, 70, 1_500) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), minutes: fc.integer({ min: 1, max: 4 }) }) },
    plain(4, 'issue'),
    plain(4, 'resolve'),
    plain(7, ...PLAIN),
  ),
  { minLength: 8, maxLength: 30 },
);

const FACTS = { artifactPath: null, trainedFrom: START, trainedThrough: START, featureSchema: 1, card: {} } as const;
const NAMES = ['net', 'rival'];
const ISSUED: readonly Horizon[] = ['15m', '30m', '1h', '24h'];
/** Between two deeds passes more than answers about the time are kept. */
const STEP_MS = 1_500;

let lived = 0;
let now: EpochMs = START;

/** An instrument whose history is written deed by deed, on a clock that never goes back. */
export interface LivedInstrument {
  readonly id: InstrumentId;
  /** When it was listed. */
  readonly begin: EpochMs;
  /** The key of a series from outside that is its own. */
  readonly series: string;
  /** Does the next deed; returns the venue's time after it, by which everything that was written is known. */
  live(deed: MarketDeed): Promise<EpochMs>;
}

/** Lists an instrument. Everything about it is written by its deeds alone. */
export async function listLived(market: TestMarket): Promise<LivedInstrument> {
  const { database } = market;
  lived += 1;
  const id = toInstrumentId('SIM', `L${lived}USDT`);
  const series = `fear.l${lived}`;
  const begin = await moveTo(Math.ceil((now + 1) / MINUTE_MS) * MINUTE_MS);
  const rules = { tickSize: toDecimal('0.01000000'), stepSize: toDecimal('0.00001000') };
  await market.instruments.upsertInstruments([
    { id, venue: 'SIM', symbol: `L${lived}USDT`, baseAsset: `L${lived}`, quoteAsset: 'USDT', ...rules },
  ]);
  await market.candles.startLive(id, begin);
  const ewma = await market.forecasts.saveModel({ ...FACTS, name: 'ewma-normal', version: '1', kind: 'BASELINE', sha256: null });
  await createExternalWriter(database).storePoints([{ key: series, eventTime: begin, knownAt: begin, value: toDecimal('1') }]);

  let minute = (begin - START) / MINUTE_MS;
  const first = minute;
  const holes: number[] = [];
  let n = 0;
  let excuses = 0;
  let champion: string | null = null;

  async function moveTo(time: number): Promise<EpochMs> {
    now = Math.max(now + STEP_MS, time) as EpochMs;
    market.clock.set(now);
    await market.instruments.saveClock({ venue: 'SIM', wallTime: now, anchorTime: now, speed: 0 });
    return now;
  }
  const startOf = (each: number) => addMs(START, each * MINUTE_MS);
  const commit = (minutes: readonly number[], changes = {}) =>
    market.candles.commitClosed([{ instrumentId: id, candles: minutes.map((each) => minuteOf(each, changes)) }], now);
  const save = (name: string, version: string) =>
    market.forecasts.saveModel({ ...FACTS, name, version, kind: 'LSTM', sha256: `${lived}${version}`.padStart(64, 'a') });

  const deeds: Readonly<Record<Plain, () => Promise<unknown>>> = {
    async fill() {
      const [some] = holes.splice(0, 1);
      if (some !== undefined) await commit([some]);
    },
    async excuse() {
      const hole = holes.at(-1);
      const reason = excuses++ % 2 === 0 ? 'PENDING' : 'EXCHANGE_OUTAGE';
      if (hole !== undefined) await market.candles.recordGap(id, { from: startOf(hole), to: startOf(hole + 1) }, reason, now);
    },
    async correct() {
      const old = minute - 1 - (n % 20);
      if (old >= first && !holes.includes(old)) await commit([old], { tradeCount: 1_000 + n, high: toDecimal(`${90_000 + n}.00`) });
    },
    issue: async () => {
      const asOf = startOf(minute);
      await moveTo(addMs(asOf, n % 5 === 0 ? 30_000 : 2_000));
      const latest = await save(`net${lived}`, '1');
      await issue(asOf, ewma, ISSUED);
      await issue(asOf, latest, ISSUED);
    },
    retrain: async () => {
      await moveTo(addMs(startOf(minute), 2_000));
      await issue(startOf(minute), await save(n % 2 === 0 ? `net${lived}` : `rival${lived}`, `2.${n}`), ISSUED);
    },
    async promote() {
      const name = n % 2 === 0 ? `net${lived}` : `rival${lived}`;
      const { id: modelId } = await save(name, '1');
      const newest = await database.prisma.championChange.findFirst({ where: { venue: 'SIM', horizon: '30m' }, orderBy: { id: 'desc' } });
      champion = newest?.name ?? champion;
      if (champion === name) return;
      await createChampionStore(database).change([
        {
          ...{ venue: 'SIM', horizon: '30m', name, modelId, formerName: champion, reason: champion === null ? 'INSTALLED' : 'PROMOTED' },
          ...{ at: now, decidedBy: 'test', figures: {}, after: newest?.id ?? null },
        },
      ]);
    },
    resolve: () =>
      market.scorer.resolveMatured({ venue: 'SIM', limit: 1_000, score: ({ ledgerSeq, timing }) => scoreOf(ledgerSeq, timing === 'LATE') }),
    quote: () =>
      createBookWriter(database).storeBooks([
        {
          ...{ instrumentId: id, at: (Math.floor(now / 1_000) * 1_000) as EpochMs, updateId: lived * 1_000 + n },
          ...{
            bidPrice: toDecimal(`${100 + n}.10`),
            bidSize: toDecimal('1.50'),
            askPrice: toDecimal(`${101 + n}.00`),
            askSize: toDecimal('2'),
          },
        },
      ]),
    trade: () =>
      createTradeWriter(database).storeTrades([
        {
          ...{ instrumentId: id, aggTradeId: n, tradeTime: addMs(now, -1), price: toDecimal(`${100 + n}.00`), size: toDecimal('0.50') },
          ...{ firstTradeId: n * 2, lastTradeId: n * 2 + 1, takerSide: n % 2 === 0 ? 'BUY' : 'SELL' },
        },
      ]),
    revise: () =>
      createExternalWriter(database).storePoints([
        { key: series, eventTime: addMs(begin, (n % 3) * MINUTE_MS), knownAt: now, value: toDecimal(`${n}`) },
      ]),
    async widen() {
      const { id: instrumentId } = await database.prisma.instrument.findFirstOrThrow({ where: { symbol: `L${lived}USDT` } });
      const widening = { instrumentId, paths: 500, factors: [1.25, 1.5 + n / 100], madeAt: new Date(now) };
      await database.prisma.pathWidening.createMany({ data: NAMES.map((name) => ({ ...widening, modelName: `${name}${lived}` })) });
    },
  };

  function issue(asOf: EpochMs, by: Model, horizons: readonly Horizon[]) {
    const quantiles = QUANTILE_LEVELS.map((level, index) => ({
      ...{ level, logReturn: (index - 4 + (n % 3)) / 1_000, value: toDecimal(`${1_000 + index + n}.00`) },
    }));
    const said = {
      refPrice: toDecimal('1000.50'),
      pUp: 0.6,
      quantiles,
      signal: toSignal(quantiles, { feeBps: 10, spreadBps: 2, spreadAt: asOf }),
    };
    const values = quantiles.map(({ level }) => toDecimal(`${1_000 + 100 * level}`));
    const calibration = n % 2 === 0 ? null : { logReturns: quantiles.map(({ logReturn }) => 2 * logReturn), values, madeAt: asOf };
    const about = { instrumentId: id, modelId: by.id, asOf };
    const forecasts = HORIZONS.filter((horizon) => horizons.includes(horizon)).map((horizon) => ({
      ...{
        ...about,
        horizon,
        targetTime: addMs(asOf, horizonMs(horizon)),
        ...said,
        calibration,
        reference: { modelId: ewma.id, sigma: 0.01 },
      },
    }));
    return market.forecasts.appendForecasts([{ ...about, input: new Uint8Array([n % 256]), codeVersion: 'test', forecasts }], 10_000);
  }

  return {
    ...{ id, begin, series },
    async live(deed) {
      n += 1;
      await moveTo(0);
      if (deed.do === 'skip') {
        holes.push(...Array.from({ length: deed.minutes }, (_, each) => minute + each));
        minute += deed.minutes;
        await moveTo(startOf(minute));
      } else if (deed.do === 'close') {
        const minutes = Array.from({ length: deed.minutes }, (_, each) => minute + each);
        minute += deed.minutes;
        await moveTo(addMs(startOf(minute), 40));
        await commit(minutes);
      } else await deeds[deed.do]();
      return now;
    },
  };
}

function scoreOf(n: number, isReference: boolean): Score {
  const crps = 0.5 + (n % 7) / 10;
  return {
    ...{ isReference, logReturn: 0.001, hit: isReference ? null : n % 2 === 0, band: 80, crps, crpsReference: isReference ? crps : 1 },
    ...{ absErr: toDecimal('0.50'), absErrNaive: toDecimal('1.00'), brier: 0.16, crpsCalibrated: 0.8, bandCalibrated: 95, scorer: 1 },
  };
}

/** Two days in which everything happens: enough for a skill of whole days, and for each outcome to come after what it is about. */
export const EVENTFUL: readonly MarketDeed[] = [
  close(7),
  ...plainly('quote', 'trade', 'issue', 'retrain', 'promote', 'widen', 'revise'),
  close(19),
  ...plainly('issue'),
  close(12),
  ...plainly('resolve'),
  // The price that a forecast of 15 minutes waits for is in the hole.
  { do: 'skip', minutes: 3 },
  close(2),
  ...plainly('excuse', 'fill', 'correct', 'quote', 'trade', 'revise'),
  close((2 * DAY_MS) / MINUTE_MS),
  ...plainly('issue', 'resolve', 'retrain', 'promote', 'excuse', 'fill', 'correct', 'trade', 'quote', 'fill'),
  close(70),
  ...plainly('resolve'),
];

function close(minutes: number): MarketDeed {
  return { do: 'close', minutes };
}

function plainly(...deeds: readonly Plain[]): MarketDeed[] {
  return deeds.map((deed) => ({ do: deed }));
}
