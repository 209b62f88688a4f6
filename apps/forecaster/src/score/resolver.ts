import type { ForecastOutcome, ForecastScorer, Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { keepTrying, type Patience } from '../keep-trying.ts';
import { pause } from '../pause.ts';
import type { ScoreMetrics } from './metrics.ts';
import { scoreForecast } from './score-forecast.ts';

/** What resolving needs of the world. */
export interface ResolvePorts {
  readonly scorer: ForecastScorer;
  readonly metrics: ScoreMetrics;
  readonly logger: Logger;
}

export interface ResolverOptions {
  readonly venue: Venue;
  /** How long to rest, in milliseconds, when nothing more has matured. */
  readonly pollMs: number;
  /** Most forecasts in one transaction. */
  readonly batchSize: number;
  readonly patience: Patience;
}

/** Resolves forecasts until it is told to stop. */
export interface Resolver {
  /** Resolves what matures, oldest first, until `signal` aborts. What is due stands in the database, so that a restart goes on where it ended. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves one batch; returns how many forecasts that were. */
  resolveBatch(): Promise<number>;
}

/** Returns a resolver that has not begun. */
export function createResolver(
  { scorer, metrics, logger }: ResolvePorts,
  { venue, pollMs, batchSize, patience }: ResolverOptions,
): Resolver {
  async function resolveBatch(): Promise<number> {
    const outcomes = await scorer.resolveMatured({ venue, limit: batchSize, score: scoreForecast });
    for (const outcome of outcomes) metrics.resolved.inc({ horizon: outcome.forecast.horizon, outcome: nameOf(outcome) });
    return outcomes.length;
  }

  async function resolveAll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if ((await resolveBatch()) < batchSize) await pause(pollMs, signal);
    }
  }

  return {
    resolveBatch,
    async run(signal) {
      await keepTrying('resolving forecasts', () => resolveAll(signal), { logger, signal, patience });
    },
  };
}

function nameOf({ resolution }: ForecastOutcome): 'scored' | 'late' | 'void' {
  if (!resolution?.score) return 'void';
  return resolution.score.isReference ? 'late' : 'scored';
}
