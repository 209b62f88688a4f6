import { AppError, type InstrumentWriter, splitInstrumentId } from '@candlecast/domain';
import type { Database } from './database.ts';
import { saveClockRow } from './sql/clocks.ts';
import { upsertInstrumentRows } from './sql/instruments.ts';

/** Returns the writer of instruments and venue clocks. */
export function createInstrumentWriter({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): InstrumentWriter {
  return {
    upsertInstruments: (listed) => upsertInstrumentRows(sessions, listed),

    async setState(id, state, reason) {
      const { count } = await prisma.instrument.updateMany({ where: splitInstrumentId(id), data: { state, stateReason: reason } });
      if (count === 0) throw new AppError('instrument_unknown', `instrument "${id}" is not in the database`);
    },

    saveClock: (clock) => saveClockRow(sessions, clock),
  };
}
