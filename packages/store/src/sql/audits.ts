// pg, not Prisma: minutes are counted where the rows are, by the index alone.
import { type AuditWindow, type DayCount, type InstrumentId, splitInstrumentId, type TimeRange, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const COUNT_DAYS = {
  name: 'audit-count-days',
  text: `
    select date_bin('1 day', open_time, timestamptz '2000-01-03 00:00+00') as day,
      count(distinct date_bin('1 minute', open_time, timestamptz '2000-01-03 00:00+00'))::integer as minutes,
      count(*) filter (where open_time <> date_bin('1 minute', open_time, timestamptz '2000-01-03 00:00+00'))::integer as "offGrid"
    from candle_1m
    where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz group by 1 order by 1`,
};

/** Returns how many minutes of each UTC day are stored, oldest first. */
export function countDayRows(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<DayCount[]> {
  return session.run<DayCount>(COUNT_DAYS, [seriesId, toIso(range.from), toIso(range.to)]);
}

const SAVE = {
  name: 'audit-save',
  text: `
    insert into audit_window (instrument_id, from_time, to_time, audited_at, expected, present, excused, missing, off_grid)
    select id, $3::timestamptz, $4::timestamptz, $5::timestamptz, $6::integer, $7::integer, $8::integer, $9::integer, $10::integer
    from instrument where venue = $1 and symbol = $2
    on conflict (instrument_id, from_time) do update
    set to_time = excluded.to_time, audited_at = excluded.audited_at, expected = excluded.expected, present = excluded.present,
      excused = excluded.excused, missing = excluded.missing, off_grid = excluded.off_grid`,
};

/** Records what an audit found; the window's earlier audit is replaced. */
export async function saveAuditRow(session: Pick<Session, 'run'>, id: InstrumentId, window: AuditWindow): Promise<void> {
  const { venue, symbol } = splitInstrumentId(id);
  const { from, to, auditedAt, expected, present, excused, missing, offGrid } = window;
  await session.run(SAVE, [venue, symbol, toIso(from), toIso(to), toIso(auditedAt), expected, present, excused, missing, offGrid]);
}

const FIND = {
  name: 'audit-find',
  text: `
    select from_time as "from", to_time as "to", audited_at as "auditedAt", expected, present, excused, missing, off_grid as "offGrid"
    from audit_window
    where instrument_id = $1::integer and from_time < $3::timestamptz and to_time > $2::timestamptz order by from_time`,
};

/** Returns the newest audits of the windows that overlap `range`, oldest window first. */
export function findAuditRows(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<AuditWindow[]> {
  return session.run<AuditWindow>(FIND, [seriesId, toIso(range.from), toIso(range.to)]);
}
