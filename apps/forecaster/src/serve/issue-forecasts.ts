import {
  type Clock,
  type EpochMs,
  type Forecast,
  type ForecastBatch,
  type ForecastPace,
  type ForecastReference,
  type ForecastWriter,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type InstrumentReader,
  type Model,
  type NewForecast,
  type PaceStore,
  type TradingCosts,
  type Venue,
} from '@candlecast/domain';
import type { Calibrator } from '../calibrate/calibrator.ts';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';
import { toInputBytes } from '../features/model-input.ts';
import { toSigmas } from '../features/sigma.ts';
import type { Predictor } from '../models/predictor.ts';
import { findVenueTime } from '../venue-time.ts';
import type { ServedClose } from './bar-keeper.ts';
import { dueHorizons } from './due-horizons.ts';
import type { HistoryKeeper, KeptHistory } from './history-keeper.ts';
import type { CostLoader } from './load-costs.ts';
import type { ServeMetrics } from './metrics.ts';
import { toForecast } from './to-forecast.ts';

/** What issuing forecasts needs of the world. */
export interface IssuePorts {
  /** The models that serve now; may change from one call to the next. */
  readonly predictors: () => readonly Predictor[];
  /** What every forecast is judged against. */
  readonly reference: Pick<Model, 'id'>;
  /** Which program this is. */
  readonly codeVersion: string;
  readonly histories: Pick<HistoryKeeper, 'find'>;
  /** How often an instrument is forecast. */
  readonly paceOf: (id: InstrumentId) => ForecastPace;
  readonly paces: PaceStore;
  /** What trading costs at each close. */
  readonly costs: CostLoader;
  /** By how much quantiles are scaled. */
  readonly calibrations: Pick<Calibrator, 'find'>;
  readonly writer: Pick<ForecastWriter, 'appendForecasts'>;
  readonly clocks: Pick<InstrumentReader, 'findClock'>;
  /** This machine's time. */
  readonly clock: Clock;
  readonly metrics: ServeMetrics;
}

/** What one model says of a batch of closes. */
interface Answer {
  readonly batches: ForecastBatch[];
  readonly withheld: { readonly model: string; readonly horizon: Horizon; readonly reason: string }[];
}

/** What is said of a batch of closes, before it is stored. */
interface Prepared {
  readonly predictors: readonly Predictor[];
  readonly subjects: readonly Subject[];
  readonly answers: readonly Answer[];
}

interface Subject extends KeptHistory {
  readonly instrumentId: InstrumentId;
  /** Of the reference, one for each served horizon. */
  readonly sigmas: Float32Array;
  readonly costs: TradingCosts;
}

/** Instruments in one transaction: while the database stores their forecasts, those of the next are made. */
const MOST_AT_ONCE = 200;

/**
 * Returns a function that makes and stores every due forecast of these instruments' newest closes by every model, all of an instrument in one transaction.
 * It may be called again for a close: the ledger keeps what it has. Throws what the models and the database throw.
 */
export function createIssuer(ports: IssuePorts, venue: Venue, deadlineMs: number): (ids: readonly InstrumentId[]) => Promise<Forecast[]> {
  /** By model, the instruments whose first fan is not due any more; a model that serves no more is forgotten. */
  const hasServed = new Map<number, Set<InstrumentId>>();
  /** Instruments whose pace is stored. */
  const paced = new Set<InstrumentId>();

  /** Returns what a model has to say at a close. */
  function dueOf({ model, horizons = SERVED_HORIZONS }: Predictor, { instrumentId, asOf }: ServedClose): ServedHorizon[] {
    const isFirst = !hasServed.get(model.id)?.has(instrumentId);
    return dueHorizons(asOf, ports.paceOf(instrumentId), isFirst).filter((horizon) => horizons.includes(horizon));
  }

  /** Of instruments that are forecast hourly the first fan is tried once: many have too little history, and every close would try anew. */
  function noteServed(batches: readonly ForecastBatch[], predictors: readonly Predictor[], subjects: readonly Subject[]): void {
    for (const id of hasServed.keys()) if (predictors.every(({ model }) => model.id !== id)) hasServed.delete(id);
    const tried = subjects.filter(({ instrumentId }) => ports.paceOf(instrumentId) === 'HOURLY');
    for (const { model } of predictors) {
      const own = hasServed.get(model.id) ?? new Set();
      for (const { instrumentId } of tried) own.add(instrumentId);
      for (const { modelId, instrumentId } of batches) if (modelId === model.id) own.add(instrumentId);
      hasServed.set(model.id, own);
    }
  }

  /** What is due is counted by the pace: it is stored before the first forecast that follows it. */
  async function notePaces(closes: readonly ServedClose[], now: EpochMs): Promise<void> {
    const unknown = closes.filter(({ instrumentId }) => !paced.has(instrumentId));
    if (unknown.length === 0) return;
    const paces = unknown.map(({ instrumentId }) => ({ instrumentId, pace: ports.paceOf(instrumentId) }));
    await ports.paces.notePaces(paces, now);
    for (const { instrumentId } of unknown) paced.add(instrumentId);
  }

  /** Reads and asks the models what is due of these instruments' newest closes. */
  async function prepare(ids: readonly InstrumentId[]): Promise<Prepared> {
    const now = await findVenueTime(ports.clocks, venue, ports.clock);
    // A copy: a model may begin to serve while this batch is in work.
    const predictors = [...ports.predictors()];
    const closes = ids.flatMap((instrumentId) => {
      const asOf = ports.histories.find(instrumentId)?.asOf;
      const close = asOf && { instrumentId, asOf };
      return close && predictors.some((predictor) => dueOf(predictor, close).length > 0) ? [close] : [];
    });
    await notePaces(closes, now);
    for (const predictor of predictors) await predictor.prepare?.(closes);
    const known = closes.flatMap(({ instrumentId }) => {
      const history = ports.histories.find(instrumentId);
      return history ? [{ ...history, instrumentId, sigmas: toSigmas(history.series, history.series.length - 1) }] : [];
    });
    // All inputs before the next wait: the histories move on with the log.
    const inputs = predictors.map((predictor) =>
      known.map((subject) =>
        dueOf(predictor, subject).length > 0
          ? predictor.toInput(subject.series, subject.series.length - 1, subject.instrumentId)
          : undefined,
      ),
    );
    const costs = await ports.costs(known);
    const subjects = known.flatMap((subject, index) => {
      const own = costs[index];
      return own ? [{ ...subject, costs: own }] : [];
    });
    const answers: Answer[] = [];
    for (const [index, predictor] of predictors.entries()) answers.push(await ask(predictor, subjects, inputs[index] ?? [], now));
    return { predictors, subjects, answers };
  }

  async function append({ predictors, subjects, answers }: Prepared): Promise<Forecast[]> {
    const batches = answers.flatMap((answer) => answer.batches);
    const stored = batches.length > 0 ? await ports.writer.appendForecasts(batches, deadlineMs) : [];
    noteServed(batches, predictors, subjects);
    for (const { withheld } of answers) for (const labels of withheld) ports.metrics.withheld.inc(labels);
    count(stored, predictors);
    return stored;
  }

  return async (ids) => {
    const stored: Forecast[] = [];
    let appending: Promise<Forecast[]> = Promise.resolve([]);
    try {
      for (let from = 0; from < ids.length; from += MOST_AT_ONCE) {
        const prepared = await prepare(ids.slice(from, from + MOST_AT_ONCE));
        for (const forecast of await appending) stored.push(forecast);
        appending = append(prepared);
        // It may fail while the next are made; it is awaited after that, and throws there.
        appending.catch(() => undefined);
      }
      for (const forecast of await appending) stored.push(forecast);
      return stored;
    } finally {
      await Promise.allSettled([appending]);
    }
  };

  async function ask(
    predictor: Predictor,
    subjects: readonly Subject[],
    inputs: readonly (Float32Array | undefined)[],
    now: EpochMs,
  ): Promise<Answer> {
    const { id: modelId, name: model } = predictor.model;
    const startedAt = performance.now();
    const grids = await predictor.predict(inputs.filter((input) => input !== undefined));
    if (grids.length > 0) ports.metrics.inferenceMs.observe({ model }, performance.now() - startedAt);
    const answer: Answer = { batches: [], withheld: [] };
    const rest = grids.values();
    for (const [index, { instrumentId, asOf, refPrice, sigmas, costs }] of subjects.entries()) {
      const input = inputs[index];
      const grid = input && rest.next().value;
      const forecasts: NewForecast[] = [];
      for (const horizon of dueOf(predictor, { instrumentId, asOf })) {
        const table = ports.calibrations.find({ instrumentId, horizon, modelName: model }, asOf);
        const isPassed = asOf + horizonMs(horizon) <= now;
        const forecast =
          grid && !isPassed
            ? toForecast({ instrumentId, modelId, asOf, refPrice, costs, table, reference: referenceOf(horizon, sigmas) }, horizon, grid)
            : undefined;
        if (forecast) forecasts.push(forecast);
        else answer.withheld.push({ model, horizon, reason: isPassed ? 'target_passed' : 'history_incomplete' });
      }
      if (input && forecasts.length > 0) {
        answer.batches.push({ instrumentId, modelId, asOf, input: toInputBytes(input), codeVersion: ports.codeVersion, forecasts });
      }
    }
    return answer;
  }

  function referenceOf(horizon: ServedHorizon, sigmas: Float32Array): ForecastReference | null {
    const sigma = sigmas[SERVED_HORIZONS.indexOf(horizon)] ?? Number.NaN;
    return Number.isFinite(sigma) ? { modelId: ports.reference.id, sigma } : null;
  }

  function count(stored: readonly Forecast[], predictors: readonly Predictor[]): void {
    const names = new Map(predictors.map(({ model }) => [model.id, model.name]));
    for (const { modelId, horizon, timing, issuedAt, asOf } of stored) {
      const model = names.get(modelId) ?? '';
      ports.metrics.issued.inc({ model, horizon, timing });
      ports.metrics.delayMs.observe({ model }, issuedAt - asOf);
    }
  }
}
