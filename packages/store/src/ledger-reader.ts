import type { LedgerReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findEntries, findHead, findHeads, hashInputs } from './sql/ledger.ts';
import { findCloses, findDifferingDays } from './sql/ledger-checks.ts';

/** Returns the reader of the ledgers. */
export function createLedgerReader({ sessions }: Pick<Database, 'sessions'>): LedgerReader {
  return {
    findLedgerHead: (venue, at) => findHead(sessions, venue, at),
    findEntries: ({ venue, afterSeq, limit }) => findEntries(sessions, venue, afterSeq, limit),
    findHeads: ({ venue, afterSeq, limit }) => findHeads(sessions, venue, afterSeq, limit),
    findCloses: (forecasts) => findCloses(sessions, forecasts),
    findDifferingDays: (venue) => findDifferingDays(sessions, venue),
    hashInputs: (forecasts) => hashInputs(sessions, forecasts),
  };
}
