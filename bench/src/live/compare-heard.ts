import type { Database } from '@candlecast/store';
import { type Heard, toOutcome, toPlace } from './hear.ts';

/** An entry of the ledger and what came of it. */
export interface StoredEntry {
  readonly id: string;
  readonly ledgerSeq: number;
  readonly hash: string;
  readonly isResolved: boolean;
  readonly actual: string | null;
  readonly crps: number | null;
}

const PAGE = 20_000;

/** Reads the ledger in its order. */
export async function* readEntries({ sessions }: Database): AsyncGenerator<StoredEntry[]> {
  for (let after = 0; ; ) {
    const page = await sessions.run<StoredEntry>(
      {
        name: 'bench-live-entries',
        text: `
          select f.id, f.ledger_seq as "ledgerSeq", encode(f.hash, 'hex') as hash, s.scored_at is not null as "isResolved", s.actual::text, s.crps
          from forecast f
          left join forecast_score s on (s.instrument_id, s.horizon, s.as_of, s.model_id) = (f.instrument_id, f.horizon, f.as_of, f.model_id)
          where f.ledger_seq > $1::bigint order by f.ledger_seq limit $2`,
      },
      [after, PAGE],
    );
    const newest = page.at(-1);
    if (!newest) return;
    yield page;
    after = newest.ledgerSeq;
  }
}

/** Returns every difference between what was heard and what is stored: lost, changed, never published, or published twice. */
export function compareHeard(heard: Pick<Heard, 'issued' | 'resolved' | 'doubles'>, entries: readonly StoredEntry[]): string[] {
  const found = [...heard.doubles];
  const stored = new Map(entries.map((entry) => [entry.id, entry]));
  for (const [id, place] of heard.issued) {
    const entry = stored.get(id);
    if (!entry) found.push(`${id} was published as ${place} and is not in the ledger`);
    else if (toPlace(entry) !== place) found.push(`${id} was published as ${place}, the ledger has ${toPlace(entry)}`);
  }
  for (const [id, outcome] of heard.resolved) {
    const entry = stored.get(id);
    if (!entry?.isResolved) found.push(`${id} was resolved as ${outcome} and no score is stored`);
    else if (toOutcome(entry) !== outcome) found.push(`${id} was resolved as ${outcome}, stored is ${toOutcome(entry)}`);
  }
  for (const { id, ledgerSeq, isResolved } of entries) {
    if (!heard.issued.has(id)) found.push(`entry ${ledgerSeq} (${id}) was never published`);
    if (isResolved && !heard.resolved.has(id)) found.push(`entry ${ledgerSeq} (${id}) has a score that was never published`);
  }
  return found;
}
