import type { Model } from './forecast.ts';
import type { Venue } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** RUNNING, DONE with what it made, FAILED by itself, or ABANDONED by a process that is gone and followed by another run of the same job. */
export const RUN_STATES = ['RUNNING', 'DONE', 'FAILED', 'ABANDONED'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Figures by name. */
export type RunMetrics = Readonly<Record<string, number>>;

/** A training that begins. With its parameters, seed, data and program anyone can make its model again. */
export interface NewRun {
  readonly venue: Venue;
  /** What is trained: the name of the estimator. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly seed: number;
  /** SHA-256 of everything that it learns from. */
  readonly dataHash: string;
  readonly codeVersion: string;
}

/** A file that a run left in the store of artifacts. */
export interface RunArtifact {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What a run came to. */
export interface FinishedRun {
  readonly id: string;
  /** What is known of how it was trained beside what it began with. */
  readonly parameters: NewRun['parameters'];
  readonly metrics: RunMetrics;
  readonly artifacts: readonly RunArtifact[];
  readonly model: Omit<Model, 'id' | 'createdAt'>;
}

/** A run that is over, as it is exported. Times are of this system's own clock. */
export interface EndedRun extends NewRun {
  readonly id: string;
  readonly state: Exclude<RunState, 'RUNNING'>;
  readonly metrics: RunMetrics;
  readonly epochs: readonly { readonly epoch: number; readonly metrics: RunMetrics }[];
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs;
  /** What it made; null where it made nothing. */
  readonly model: Pick<Model, 'name' | 'version' | 'artifactPath'> | null;
}
