import {
  addMs,
  type CalibrationKey,
  type CalibrationStore,
  type CalibrationTable,
  DAY_MS,
  type EpochMs,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { keepTrying, type Patience } from '../keep-trying.ts';
import { pause } from '../pause.ts';

/** What calibrating needs of the world. */
export interface CalibratePorts {
  readonly store: Pick<CalibrationStore, 'findTables'>;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly logger: Logger;
}

export interface CalibratorOptions {
  readonly venue: Venue;
  /** How long to rest, in milliseconds, between two looks at the tables. */
  readonly pollMs: number;
  readonly patience: Patience;
}

/** Knows the tables that hold, whichever process made them. */
export interface Calibrator {
  /** Loads them again and again, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  load(): Promise<void>;
  /** The table for a forecast of that `asOf`; undefined where none was made in the three days before it. */
  find(key: CalibrationKey, asOf: EpochMs): CalibrationTable | undefined;
}

/** An older table says too little of the present. */
const MOST_AGE_MS = 3 * DAY_MS;

/** Returns a calibrator that knows no table yet. */
export function createCalibrator({ store, now, logger }: CalibratePorts, { venue, pollMs, patience }: CalibratorOptions): Calibrator {
  let tables: ReadonlyMap<string, CalibrationTable> = new Map();

  async function load(): Promise<void> {
    const until = await now();
    tables = new Map((await store.findTables(venue, addMs(until, -MOST_AGE_MS - DAY_MS), until)).map((table) => [nameOf(table), table]));
  }

  async function loadAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await load();
      await pause(pollMs, signal);
    }
  }

  return {
    load,
    async run(signal) {
      await keepTrying('loading calibrations', () => loadAgain(signal), { logger, signal, patience });
    },
    find(key, asOf) {
      const table = tables.get(nameOf(key));
      return table && table.madeAt <= asOf && asOf - table.madeAt <= MOST_AGE_MS ? table : undefined;
    },
  };
}

function nameOf({ instrumentId, horizon, modelName }: CalibrationKey): string {
  return `${instrumentId} ${horizon} ${modelName}`;
}
