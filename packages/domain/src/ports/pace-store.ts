import type { ForecastPace } from '../horizon.ts';
import type { InstrumentId } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** How often an instrument is forecast. */
export interface InstrumentPace {
  readonly instrumentId: InstrumentId;
  readonly pace: ForecastPace;
}

/** Keeps how often each instrument is forecast: what is due, and so what is missing, is counted by it. */
export interface PaceStore {
  /** Writes down what differs from what held before, since `at`, by the venue's clock. Instruments that are not known are passed over. */
  notePaces(paces: readonly InstrumentPace[], at: EpochMs): Promise<void>;
}
