// pg, not Prisma: which series are due is counted over days, and windows of matured forecasts are read in one go.
import {
  type CalibrationKey,
  type CalibrationTable,
  calibrationRule,
  DAY_MS,
  type EpochMs,
  HORIZONS,
  type InstrumentId,
  type MaturedQuantiles,
  splitInstrumentId,
  toIso,
  type Venue,
} from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

/** $3 horizons, $4 the first day of each one's window, $5 on how many days something must have matured. */
const FIND_DUE = {
  name: 'calibrations-find-due',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", h.horizon, m.name as "modelName"
    from unnest($3::text[], $4::timestamptz[], $5::integer[]) h (horizon, since, least_days)
    join instrument i on i.venue = $1
    join track_day t on t.instrument_id = i.id and t.horizon = h.horizon and t.day >= h.since::date and t.day < $2::timestamptz::date and t.resolved > 0
    join model m on m.id = t.model_id
    where not exists (
      select from calibration c where c.instrument_id = i.id and c.horizon = h.horizon and c.model_name = m.name and c.made_at = $2::timestamptz)
    group by i.id, h.horizon, h.least_days, m.name having count(distinct t.day) >= h.least_days
    order by i.id, h.horizon, m.name`,
};

/** Returns the series that are to be calibrated at a midnight and are not yet. */
export function findDueKeys(session: Reader, venue: Venue, madeAt: EpochMs): Promise<CalibrationKey[]> {
  const rules = HORIZONS.map(calibrationRule);
  const since = rules.map(({ windowDays }) => toIso((madeAt - windowDays * DAY_MS) as EpochMs));
  return session.run<CalibrationKey>(FIND_DUE, [venue, toIso(madeAt), HORIZONS, since, rules.map(({ leastDays }) => leastDays)]);
}

/** Scored before the table is made: nothing later is in it. $6 since, $7 stride in milliseconds. */
const FIND_MATURED = {
  name: 'calibrations-find-matured',
  text: `
    select f.log_returns as "logReturns", s.log_return as realised, epoch_ms(date_trunc('day', s.scored_at)) as day
    from instrument i
    join forecast_score s on s.instrument_id = i.id and s.horizon = $3 and s.as_of >= $6::timestamptz and s.as_of < $5::timestamptz
    join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
    join model m on m.id = f.model_id and m.name = $4
    where i.venue = $1 and i.symbol = $2 and s.scored_at < $5::timestamptz and s.log_return is not null and f.timing = 'ON_TIME'
      and epoch_ms(s.as_of) % $7::bigint = 0`,
};

/** Returns what a series said on time and what came of it, scored before a midnight. */
export async function findMaturedQuantiles(
  session: Reader,
  { instrumentId, horizon, modelName }: CalibrationKey,
  madeAt: EpochMs,
): Promise<{ matured: MaturedQuantiles[]; days: number }> {
  const { venue, symbol } = splitInstrumentId(instrumentId);
  const { windowDays, strideMs } = calibrationRule(horizon);
  const since = toIso((madeAt - windowDays * DAY_MS) as EpochMs);
  const rows = await session.run<MaturedQuantiles & { day: number }>(FIND_MATURED, [
    ...[venue, symbol, horizon, modelName],
    ...[toIso(madeAt), since, strideMs],
  ]);
  return { matured: rows, days: new Set(rows.map(({ day }) => day)).size };
}

const INSERT = {
  name: 'calibrations-insert',
  text: `
    insert into calibration (instrument_id, horizon, model_name, made_at, forecasts, days, scales)
    select i.id, $3, $4, $5::timestamptz, $6::integer, $7::integer, $8::double precision[] from instrument i where i.venue = $1 and i.symbol = $2
    on conflict do nothing`,
};

/** Stores a table; one that is there stays. */
export async function insertTable(session: Reader, table: CalibrationTable): Promise<void> {
  const { venue, symbol } = splitInstrumentId(table.instrumentId);
  const { horizon, modelName, madeAt, forecasts, days, scales } = table;
  await session.run(INSERT, [venue, symbol, horizon, modelName, toIso(madeAt), forecasts, days, scales]);
}

const FIND_TABLES = {
  name: 'calibrations-find-tables',
  text: `
    select distinct on (c.instrument_id, c.horizon, c.model_name) i.venue || ':' || i.symbol as "instrumentId", c.horizon, c.model_name as "modelName",
      c.made_at as "madeAt", c.forecasts, c.days, c.scales
    from instrument i join calibration c on c.instrument_id = i.id and c.made_at >= $2::timestamptz and c.made_at <= $3::timestamptz
    where i.venue = $1
    order by c.instrument_id, c.horizon, c.model_name, c.made_at desc`,
};

/** Returns the newest table of each series that was made from `since` to `until`. */
export function findTableRows(session: Reader, venue: Venue, since: EpochMs, until: EpochMs): Promise<CalibrationTable[]> {
  return session.run<CalibrationTable & { instrumentId: InstrumentId }>(FIND_TABLES, [venue, toIso(since), toIso(until)]);
}
