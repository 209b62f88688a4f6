import { AppError, type InstrumentWriter, type LeaseOf, splitInstrumentId } from '@candlecast/domain';
import type { Database } from './database.ts';
import { saveClockRow } from './sql/clocks.ts';
import { setStateRows, upsertInstrumentRows } from './sql/instruments.ts';

/** Returns the writer of instruments and venue clocks; with `leaseOf`, states are written for instruments that this process keeps. */
export function createInstrumentWriter({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>, leaseOf?: LeaseOf): InstrumentWriter {
  return {
    upsertInstruments: (listed) => upsertInstrumentRows(sessions, listed),

    async setState(id, state, reason) {
      const { count } = await prisma.instrument.updateMany({ where: splitInstrumentId(id), data: { state, stateReason: reason } });
      if (count === 0) throw new AppError('instrument_unknown', `instrument "${id}" is not in the database`);
    },

    setStates: (changes) => setStateRows(sessions, changes, leaseOf),

    saveClock: (clock) => saveClockRow(sessions, clock),
  };
}
