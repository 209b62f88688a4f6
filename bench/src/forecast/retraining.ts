import { createHash } from 'node:crypto';
import { trainInWorker } from '../../../apps/forecaster/src/learn/train-in-worker.ts';
import { RETRAINING } from '../../../apps/forecaster/src/learn/training-plans.ts';
import { MARKET_START } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { seconds } from '../measure/timing.ts';
import { madeUpHistory } from './made-up-history.ts';

const SCRIPT = new URL('../../../apps/forecaster/src/testing/train-worker.mjs', import.meta.url);
/** As many as are kept unless somebody asks for more. */
const INSTRUMENTS = 11;
const DAY_MINUTES = 1_440;
const GOAL_S = 900;

/** Measures what the retraining job does between its data and its model: a training in a thread of its own, and a second one that must come out the same. */
export async function measureRetraining(report: Report): Promise<void> {
  const { estimator, trainingDays, seed, isProven } = RETRAINING;
  if (estimator !== 'lstm-short') throw new Error(`the retraining job trains ${estimator}, which is not made of minutes`);
  report.section(`Retraining: ${estimator}, ${INSTRUMENTS} instruments pooled, ${trainingDays} days of minutes each`);
  const histories = Array.from({ length: INSTRUMENTS }, (_, index) => madeUpHistory(index, MARKET_START, trainingDays * DAY_MINUTES));
  const hashes: string[] = [];
  const train = async () => {
    const task = { estimator, histories, seed };
    const { file, card } = await trainInWorker(SCRIPT, task, () => undefined, new AbortController().signal);
    hashes.push(createHash('sha256').update(file).digest('hex'));
    return card;
  };
  let card: Readonly<Record<string, unknown>> = {};
  const first = await seconds(async () => {
    card = await train();
  });
  const { epochs, windows } = card as { epochs: { durationMs: number }[]; windows: { training: number } };
  const epochSeconds = epochs.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1_000;
  report.figure({ what: `one training: ${windows.training} windows, ${epochs.length} epochs until it stopped`, value: first, unit: 's' });
  report.figure({ what: 'of which the epochs, validation included', value: epochSeconds, unit: 's' });
  report.figure({ what: 'an epoch', value: epochSeconds / epochs.length, unit: 's' });
  const whole = isProven ? first + (await seconds(train)) : first;
  report.figure({
    what: `the whole job's training${isProven ? ', a second time to prove it' : ''}`,
    value: whole,
    unit: 's',
    goal: { atMost: GOAL_S },
  });
  if (new Set(hashes).size > 1) throw new Error(`the same training gave two models: ${hashes.join(' and ')}`);
}
