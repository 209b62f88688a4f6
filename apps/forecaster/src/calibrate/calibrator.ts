import {
  AppError,
  addMs,
  type CalibrationKey,
  type CalibrationStore,
  type CalibrationTable,
  type Clock,
  clockOfVenue,
  DAY_MS,
  type EpochMs,
  type InstrumentReader,
  toEpochMs,
  toScales,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { keepTrying, type Patience } from '../keep-trying.ts';
import { pause } from '../pause.ts';

/** What calibrating needs of the world. */
export interface CalibratePorts {
  readonly store: CalibrationStore;
  readonly clocks: Pick<InstrumentReader, 'findClock'>;
  /** This machine's time. */
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface CalibratorOptions {
  readonly venue: Venue;
  /** How long to rest, in milliseconds, between two looks at the day. */
  readonly pollMs: number;
  readonly patience: Patience;
}

/** Makes tables once a day of the venue, and knows those that hold. */
export interface Calibrator {
  /** Makes the tables of each day when it has begun, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Makes what is missing of the venue's day and loads what holds; returns how many tables it made. */
  makeTables(signal: AbortSignal): Promise<number>;
  /** The table for a forecast of that `asOf`; undefined where none was made in the three days before it. */
  find(key: CalibrationKey, asOf: EpochMs): CalibrationTable | undefined;
}

/** An older table says too little of the present. */
const MOST_AGE_MS = 3 * DAY_MS;

/** Returns a calibrator that knows no table yet. */
export function createCalibrator({ store, clocks, clock, logger }: CalibratePorts, options: CalibratorOptions): Calibrator {
  const { venue, pollMs, patience } = options;
  let tables: ReadonlyMap<string, CalibrationTable> = new Map();

  async function makeTables(signal: AbortSignal): Promise<number> {
    const found = await clocks.findClock(venue);
    if (!found) throw new AppError('venue_clock_missing', `the clock of ${venue} is not known yet`, { retryable: true });
    const madeAt = toEpochMs(Math.floor(clockOfVenue(found, clock).now() / DAY_MS) * DAY_MS);
    let made = 0;
    for (const key of await store.findDue(venue, madeAt)) {
      if (signal.aborted) break;
      const { matured, days } = await store.findMatured(key, madeAt);
      const scales = toScales(matured);
      if (!scales) continue;
      await store.saveTable({ ...key, madeAt, forecasts: matured.length, days, scales });
      made++;
    }
    tables = new Map((await store.findTables(venue, addMs(madeAt, -MOST_AGE_MS), madeAt)).map((table) => [nameOf(table), table]));
    return made;
  }

  async function makeDaily(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const made = await makeTables(signal);
      if (made > 0) logger.info({ made }, 'quantiles were calibrated');
      await pause(pollMs, signal);
    }
  }

  return {
    makeTables,
    async run(signal) {
      await keepTrying('calibrating', () => makeDaily(signal), { logger, signal, patience });
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
