import type { AppName } from './app-plan.ts';

/** How much 1m history is loaded. */
export interface HistoryProgress {
  readonly rowsDone: number;
  readonly rowsWanted: number;
  readonly liveInstruments: number;
  readonly instruments: number;
}

/** How far the training of the first model is. */
export interface TrainingProgress {
  readonly phase: 'waiting' | 'training' | 'serving';
  /** 0 before the first epoch; `epochs` is 0 while it is not known how many there are. */
  readonly epoch: number;
  readonly epochs: number;
  readonly model: { readonly name: string; readonly version: string } | null;
}

/** What happens while the product starts, runs and stops on one machine. Durations are in milliseconds of this machine's time. */
export type LocalEvent =
  | { readonly type: 'step-started'; readonly step: string }
  | { readonly type: 'step-finished'; readonly step: string; readonly durationMs: number; readonly detail: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'history'; readonly progress: HistoryProgress }
  | { readonly type: 'training'; readonly progress: TrainingProgress }
  | {
      readonly type: 'app-ended';
      readonly app: AppName;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      readonly restartMs: number;
    }
  | { readonly type: 'app-restarted'; readonly app: AppName; readonly pid: number };
