import { createHash } from 'node:crypto';
import { DAY_MS, toInstrumentId } from '@candlecast/domain';
import type { NamedBars } from '../../../apps/forecaster/src/dataset/named-bars.ts';
import { LIVE_BARS } from '../../../apps/forecaster/src/features/live-bars.ts';
import { trainInWorker } from '../../../apps/forecaster/src/learn/train-in-worker.ts';
import type { TrainingPlan } from '../../../apps/forecaster/src/learn/training-job.ts';
import { CONTEXT_RETRAINING, RETRAINING } from '../../../apps/forecaster/src/learn/training-plans.ts';
import type { TrainingTask } from '../../../apps/forecaster/src/learn/training-protocol.ts';
import { randomBars } from '../../../apps/forecaster/src/testing/random-bars.ts';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { seconds } from '../measure/timing.ts';
import { madeUpHistory } from './made-up-history.ts';

const SCRIPT = new URL('../../../apps/forecaster/src/testing/train-worker.mjs', import.meta.url);
/** As many as are kept unless somebody asks for more. */
const INSTRUMENTS = 11;
const DAY_MINUTES = 1_440;
const GOAL_S = 900;

/**
 * Measures what the retraining jobs of both LSTMs do between their data and their model: a training in a thread of its own, and a second one that must come
 * out the same.
 */
export async function measureRetraining(report: Report): Promise<void> {
  for (const plan of [RETRAINING, CONTEXT_RETRAINING]) await measurePlan(report, plan);
}

async function measurePlan(report: Report, plan: TrainingPlan): Promise<void> {
  const { estimator, trainingDays, isProven } = plan;
  report.section(`Retraining: ${estimator}, ${INSTRUMENTS} instruments pooled, ${trainingDays} days each`);
  const task = madeUpTask(plan);
  const hashes: string[] = [];
  const epochEnds: number[] = [];
  let windows = 0;
  const train = async () => {
    const noteEpoch = () => void epochEnds.push(performance.now());
    const { file, card } = await trainInWorker(SCRIPT, task, noteEpoch, new AbortController().signal);
    hashes.push(createHash('sha256').update(file).digest('hex'));
    windows = (card.windows as { training: number }).training;
  };
  const first = await seconds(train);
  const epochs = epochEnds.length;
  report.figure({ what: `one training: ${windows} windows, ${epochs} epochs until it stopped`, value: first, unit: 's' });
  report.figure({ what: 'an epoch, validation included', value: meanStep(epochEnds) / 1_000, unit: 's' });
  const whole = isProven ? first + (await seconds(train)) : first;
  report.figure({
    what: `the whole job's training${isProven ? ', a second time to prove it' : ''}`,
    value: whole,
    unit: 's',
    goal: { atMost: GOAL_S },
  });
  if (new Set(hashes).size > 1) throw new Error(`the same training gave two models: ${hashes.join(' and ')}`);
}

function meanStep(moments: readonly number[]): number {
  return ((moments.at(-1) ?? Number.NaN) - (moments[0] ?? Number.NaN)) / (moments.length - 1);
}

function madeUpTask({ estimator, trainingDays, seed }: TrainingPlan): TrainingTask {
  if (estimator === 'lstm-short') {
    const length = trainingDays * DAY_MINUTES;
    return { estimator, histories: Array.from({ length: INSTRUMENTS }, (_, index) => madeUpHistory(index, MARKET_START, length)), seed };
  }
  const symbols = Array.from({ length: INSTRUMENTS }, (_, index) => `MADE${index}USDT`);
  const { stepMs } = LIVE_BARS;
  const series = randomBars({ bars: (trainingDays * DAY_MS) / stepMs, symbols, stepMs, from: MARKET_START });
  return { estimator, bars: series.map((bars): NamedBars => ({ instrumentId: toInstrumentId('SIM', bars.symbol), series: bars })), seed };
}
