import { addMs, type Decimal, HOUR_MS, type InstrumentId, MINUTE_MS, systemClock, toDecimal } from '@candlecast/domain';
import { createBookReader, createForecastWriter, createInstrumentReader, createInstrumentWriter, createPaceStore } from '@candlecast/store';
import { createMetrics } from '@candlecast/telemetry';
import { LOOKBACK_STEPS } from '../../../apps/forecaster/src/features/feature-schema.ts';
import type { MinuteSeries } from '../../../apps/forecaster/src/features/minute-series.ts';
import { HISTORY_MINUTES } from '../../../apps/forecaster/src/features/sigma.ts';
import { createEwmaNormal, EWMA_NORMAL } from '../../../apps/forecaster/src/models/ewma-normal.ts';
import type { Predictor } from '../../../apps/forecaster/src/models/predictor.ts';
import { exportQuantileLstm } from '../../../apps/forecaster/src/onnx/export-quantile-lstm.ts';
import { createOnnxPredictor } from '../../../apps/forecaster/src/onnx/onnx-predictor.ts';
import { openOnnxSession } from '../../../apps/forecaster/src/onnx/onnx-session.ts';
import { createIssuer } from '../../../apps/forecaster/src/serve/issue-forecasts.ts';
import { createCostLoader } from '../../../apps/forecaster/src/serve/load-costs.ts';
import { createServeMetrics } from '../../../apps/forecaster/src/serve/metrics.ts';
import { randomScaler, randomWeights } from '../../../apps/forecaster/src/testing/random-network.ts';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { listSeries } from '../measure/server-market.ts';
import type { TierServer } from '../measure/tier-servers.ts';
import { percentile } from '../measure/timing.ts';
import { UNITS } from './inference.ts';
import { measureLedgerSize } from './ledger-size.ts';
import { madeUpHistory } from './made-up-history.ts';

const DEADLINE_MS = 10_000;
const FEE_BPS = 10;
const CLOSES = 20;
const WARM_UP = 2;
/** Milliseconds from the newest minute in memory to the commit of half of the entries and of all, and of this process's CPU on the way. */
interface Taken {
  readonly half: number;
  readonly whole: number;
  readonly cpu: number;
}

/**
 * Measures the issuer as it runs, on closes at full hours, where every horizon is due: from the newest minute in memory to the commit of all
 * entries, their inputs, the list of what is due and the events of the log.
 */
export async function measureIssuing({ database }: TierServer, report: Report): Promise<void> {
  const ids = await listSeries(database);
  const writer = createForecastWriter(database);
  const reference = await writer.saveModel(EWMA_NORMAL);
  const facts = { sha256: '0'.repeat(64), artifactPath: null, trainedFrom: MARKET_START, trainedThrough: MARKET_START };
  const model = await writer.saveModel({ ...EWMA_NORMAL, ...facts, name: 'lstm-short', version: 'made up', kind: 'LSTM', card: {} });
  const file = exportQuantileLstm(randomWeights(1, UNITS, 0.1), randomScaler(1), LOOKBACK_STEPS, {});
  const session = await openOnnxSession(file);
  const lstm = createOnnxPredictor(model, session);
  const market = makeMarket(ids, 2 * (CLOSES + WARM_UP));
  let hour = 0;

  const measure = async (predictors: readonly Predictor[]): Promise<{ entries: number; closes: Taken[] }> => {
    const taken: Taken[] = [];
    let commits: { entries: number; at: number }[] = [];
    let entries = 0;
    const issue = createIssuer(
      {
        predictors: () => predictors,
        reference,
        codeVersion: 'bench',
        histories: { find: (id) => market.find(id, hour) },
        // Whatever the pace, everything is due at a full hour.
        paceOf: () => 'HOURLY',
        paces: createPaceStore(database),
        costs: createCostLoader(createBookReader(database), FEE_BPS),
        calibrations: { find: () => undefined },
        writer: {
          async appendForecasts(batches, deadlineMs) {
            const stored = await writer.appendForecasts(batches, deadlineMs);
            commits.push({ entries: stored.length, at: performance.now() });
            return stored;
          },
        },
        clocks: createInstrumentReader(database),
        clock: systemClock,
        metrics: createServeMetrics(createMetrics()),
      },
      'SIM',
      DEADLINE_MS,
    );
    for (let count = 0; count < CLOSES + WARM_UP; count++, hour++) {
      const asOf = market.asOf(hour);
      await createInstrumentWriter(database).saveClock({ venue: 'SIM', wallTime: systemClock.now(), anchorTime: asOf, speed: 1 });
      commits = [];
      const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
      entries = (await issue(ids)).length;
      const whole = performance.now() - startedAt;
      const { user, system } = process.cpuUsage(cpuBefore);
      if (count >= WARM_UP) taken.push({ half: halfAt(commits) - startedAt, whole, cpu: (user + system) / 1_000 });
    }
    return { entries, closes: taken };
  };

  tell(report, 'one model', await measure([lstm]));
  const both = [createEwmaNormal(reference), lstm];
  tell(report, 'a model and the reference, as it is served', await measure(both));
  await session.release();
  await measureLedgerSize(database, report, both.length);
}

function tell(report: Report, who: string, { entries, closes }: { entries: number; closes: readonly Taken[] }): void {
  const of = (part: keyof Taken, p: number) =>
    percentile(
      closes.map((close) => close[part]),
      p,
    );
  const goal = { atMost: 1_000 };
  report.figure({ what: `${who}: ${entries} entries a close, median of ${closes.length}`, value: of('whole', 0.5), unit: 'ms' });
  report.figure({ what: `${who}: 99 of 100 closes within`, value: of('whole', 0.99), unit: 'ms', goal });
  report.figure({ what: `${who}: half of the entries are stored after, median`, value: of('half', 0.5), unit: 'ms' });
  report.figure({ what: `${who}: CPU of the forecaster, median`, value: of('cpu', 0.5), unit: 'ms' });
}

/** Returns when at least half of the entries were stored. */
function halfAt(commits: readonly { readonly entries: number; readonly at: number }[]): number {
  const all = commits.reduce((sum, { entries }) => sum + entries, 0);
  let stored = 0;
  for (const { entries, at } of commits) {
    stored += entries;
    if (stored * 2 >= all) return at;
  }
  return Number.NaN;
}

/** A history of its own for every instrument, which reaches `hours` beyond what the models need. */
function makeMarket(ids: readonly InstrumentId[], hours: number) {
  const first = addMs(MARKET_START, -HISTORY_MINUTES * MINUTE_MS);
  const length = HISTORY_MINUTES + (hours * HOUR_MS) / MINUTE_MS;
  const histories = new Map<InstrumentId, MinuteSeries>(ids.map((id, index) => [id, madeUpHistory(index, first, length)]));
  const asOf = (hour: number) => addMs(MARKET_START, hour * HOUR_MS);
  return {
    asOf,
    find(id: InstrumentId, hour: number) {
      const whole = histories.get(id);
      if (!whole) return undefined;
      const series = { ...whole, length: HISTORY_MINUTES + (hour * HOUR_MS) / MINUTE_MS };
      return { series, asOf: asOf(hour), refPrice: toPrice(whole.logClose[series.length - 1] ?? 0) };
    },
  };
}

function toPrice(logClose: number): Decimal {
  return toDecimal(Math.exp(logClose).toFixed(2));
}
