import { createHash } from 'node:crypto';
import {
  AppError,
  addMs,
  type CandleReader,
  DAY_MS,
  type EpochMs,
  type ForecastPace,
  type HindcastModel,
  type HindcastWriter,
  HOUR_MS,
  type Instrument,
  type InstrumentId,
  type InstrumentReader,
  MINUTE_MS,
  type NewHindcast,
  toEpochMs,
  toIso,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { BAR_COLUMNS, type BarSeries } from '../features/bar.ts';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { HINDCAST_SCHEMA, HINDCAST_VERSION } from './hindcast-schema.ts';
import { loadStoredBars } from './load-stored-bars.ts';
import type { HindcastMetrics } from './metrics.ts';
import { momentsOf, planWalk, type WalkLeg } from './plan-walk.ts';
import type { HindcastModelName, WalkedMoment, WalkTask } from './walk-protocol.ts';

/** What making hindcasts needs of the world. */
export interface HindcastPorts {
  readonly instruments: Pick<InstrumentReader, 'findInstruments'>;
  readonly candles: Pick<CandleReader, 'findCandles' | 'findGaps'>;
  readonly writer: HindcastWriter;
  /** Walks, somewhere else than on the thread that serves, until `signal` aborts. */
  walk(task: WalkTask, signal: AbortSignal): Promise<readonly WalkedMoment[]>;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly metrics: HindcastMetrics;
  readonly logger: Logger;
}

/** What is to be walked. */
export interface HindcastOptions {
  readonly venue: Venue;
  readonly codeVersion: string;
  /** How often an instrument is forecast. */
  paceOf(id: InstrumentId): ForecastPace;
  /** The newest days at which instruments that are forecast at every close have hindcasts at every due time; before that they have them hourly, too. */
  readonly minuteDays: number;
  /** A model is trained on at least so many days. */
  readonly leastDays: number;
  /** Hears of each leg before it begins. */
  onLeg?(instrumentId: InstrumentId, leg: WalkLeg, left: number): void;
}

const MODEL: HindcastModelName = 'har-s';
/** A training set grows month by month up to this; beyond it memory would. */
const MOST_TRAINING_DAYS = 3 * 366;
/** 90 days of outcomes, each measured by a season of twelve weeks and a mean of a month. */
const SERVING_DAYS = 220;
/** What is younger may still be issued, or on its way into the database. */
const SETTLE_MS = HOUR_MS;
/** Moments in one transaction. */
const BATCH = 1_000;
const IS_SERVED: readonly Instrument['state'][] = ['LIVE', 'PAUSED', 'DELISTED'];

/**
 * Walks what is left of the past of every instrument with enough history, and returns how many moments it added. Can be stopped and begun again at any point:
 * what was walked is noted with the rows. A month that cannot be walked is passed over, counted, and tried again the next time.
 */
export async function makeHindcasts(ports: HindcastPorts, options: HindcastOptions, signal: AbortSignal): Promise<number> {
  const until = toEpochMs((await ports.now()) - SETTLE_MS);
  const legs: { readonly instrument: Instrument; readonly leg: WalkLeg }[] = [];
  for (const instrument of await ports.instruments.findInstruments(options.venue))
    for (const leg of await planInstrument(ports, options, instrument, until)) legs.push({ instrument, leg });
  let added = 0;
  for (const [index, { instrument, leg }] of legs.entries()) {
    signal.throwIfAborted();
    ports.metrics.left.set(legs.length - index);
    options.onLeg?.(instrument.id, leg, legs.length - index);
    added += await walkLeg(ports, options, instrument, leg, signal);
  }
  ports.metrics.left.set(0);
  if (legs.length > 0) ports.logger.info({ legs: legs.length, added }, 'the past was walked');
  return added;
}

async function planInstrument(
  { writer }: HindcastPorts,
  { paceOf, minuteDays, leastDays }: HindcastOptions,
  { id, state, firstOpenTime, watermark }: Instrument,
  until: EpochMs,
): Promise<WalkLeg[]> {
  if (!IS_SERVED.includes(state) || firstOpenTime === null || watermark === null) return [];
  const history = { from: firstOpenTime, to: addMs(watermark, MINUTE_MS) };
  const walks = await writer.findWalks(id, MODEL);
  return planWalk({ history, until, leastDays, minuteDays: paceOf(id) === 'EVERY_CLOSE' ? minuteDays : 0, walks });
}

/** Walks one leg; one that is refused adds nothing. */
async function walkLeg(
  ports: HindcastPorts,
  options: HindcastOptions,
  { id, firstOpenTime }: Instrument,
  leg: WalkLeg,
  signal: AbortSignal,
): Promise<number> {
  const begin = (days: number, end: EpochMs) => toEpochMs(Math.max(firstOpenTime ?? 0, end - days * DAY_MS));
  const training = { from: begin(MOST_TRAINING_DAYS, leg.trainedThrough), to: leg.trainedThrough };
  const serving = { from: begin(SERVING_DAYS, leg.range.from), to: leg.range.to };
  const trained = await loadStoredBars(ports.candles, id, '15m', training, training.to);
  const served = await loadStoredBars(ports.candles, id, leg.grid === 'hours' ? '15m' : '1m', serving, leg.range.from);
  const moments = [...momentsOf(leg.grid, leg.range)];
  try {
    const walked = await ports.walk({ model: MODEL, training: trained.series, serving: served.series, moments }, signal);
    const model = await ports.writer.saveModel(await describe(ports, options, id, trained.series, leg));
    const rows = walked.flatMap(({ asOf, ...said }): NewHindcast[] => {
      const refPrice = served.closes.get(asOf);
      return refPrice === undefined ? [] : [{ asOf, refPrice, ...said }];
    });
    ports.metrics.made.inc({ outcome: 'silent' }, moments.length - rows.length);
    return await append(ports, model, rows, leg, signal);
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'history_too_short') throw cause;
    ports.metrics.refused.inc({ code: cause.code });
    ports.logger.debug(
      { instrument: id, trainedThrough: toIso(leg.trainedThrough), err: cause },
      'a month has too little history before it',
    );
    return 0;
  }
}

async function append(
  { writer, metrics }: HindcastPorts,
  model: HindcastModel,
  rows: readonly NewHindcast[],
  { grid, range }: WalkLeg,
  signal: AbortSignal,
): Promise<number> {
  let added = 0;
  for (let at = 0; at === 0 || at < rows.length; at += BATCH) {
    signal.throwIfAborted();
    const batch = rows.slice(at, at + BATCH);
    const newest = batch.at(-1)?.asOf;
    const walkedUntil = newest === undefined || at + BATCH >= rows.length ? range.to : addMs(newest, 1);
    const count = await writer.appendHindcasts(model, batch, { grid, walkedUntil });
    metrics.made.inc({ outcome: 'made' }, count);
    metrics.made.inc({ outcome: 'present' }, batch.length - count);
    added += count;
  }
  return added;
}

async function describe(
  { now }: HindcastPorts,
  { codeVersion }: HindcastOptions,
  instrumentId: InstrumentId,
  training: BarSeries,
  { trainedThrough }: WalkLeg,
): Promise<Omit<HindcastModel, 'id'>> {
  const { horizons } = HINDCAST_SCHEMA;
  const facts = { instrumentId, name: MODEL, trainedFrom: training.firstOpenTime, trainedThrough };
  return { ...facts, dataHash: hashTraining(training), featureSchema: BAR_FEATURE_SCHEMA, horizons, codeVersion, madeAt: await now() };
}

/** SHA-256 of versions, symbol and grid on a line, then of the columns as little-endian doubles. */
function hashTraining({ symbol, firstOpenTime, stepMs, length, columns }: BarSeries): string {
  const hash = createHash('sha256').update(
    `${MODEL} ${HINDCAST_VERSION} ${BAR_FEATURE_SCHEMA} ${symbol} ${firstOpenTime} ${stepMs} ${length}\n`,
  );
  for (const name of BAR_COLUMNS) {
    const { buffer, byteOffset, byteLength } = columns[name];
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}
