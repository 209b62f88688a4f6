import type { CalibrationStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findDueKeys, findMaturedQuantiles, findTableRows, insertTable } from './sql/calibrations.ts';

/** Returns the store of calibration tables. */
export function createCalibrationStore({ sessions }: Pick<Database, 'sessions'>): CalibrationStore {
  return {
    findDue: (venue, madeAt) => findDueKeys(sessions, venue, madeAt),
    findMatured: (key, madeAt) => findMaturedQuantiles(sessions, key, madeAt),
    saveTable: (table) => insertTable(sessions, table),
    findTables: (venue, since, until) => findTableRows(sessions, venue, since, until),
  };
}
