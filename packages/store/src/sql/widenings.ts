// pg, not Prisma: fans are put together from ninety days of forecasts in one go.
import {
  DAY_MS,
  type EpochMs,
  HORIZONS,
  HOUR_MS,
  type Horizon,
  horizonMs,
  MINUTE_MS,
  type NewPathWidening,
  type PathKey,
  type SpokenPath,
  splitInstrumentId,
  toIso,
  type Venue,
  WIDENING_RULE,
} from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

/** The end of a fan; who has said that much has said the rest. */
const LONGEST: Horizon = '24h';
const FAN = HORIZONS.filter((horizon) => horizonMs(horizon) <= horizonMs(LONGEST));
/** An hourly fan a day makes as many days as there are paths to ask for. */
const LEAST_DAYS = Math.ceil((WIDENING_RULE.leastPaths * HOUR_MS) / DAY_MS);

/** $3 the horizon, $4 the first day of the window, $5 on how many days something must have been scored. */
const FIND_DUE = {
  name: 'widenings-find-due',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", m.name as "modelName"
    from instrument i
    join track_day t on t.instrument_id = i.id and t.horizon = $3 and t.day >= $4::timestamptz::date and t.day < $2::timestamptz::date and t.resolved > 0
    join model m on m.id = t.model_id
    where i.venue = $1 and not exists (
      select from path_widening w where w.instrument_id = i.id and w.model_name = m.name and w.made_at = $2::timestamptz)
    group by i.id, m.name having count(distinct t.day) >= $5
    order by i.id, m.name`,
};

/** Returns who is to be widened at a midnight and is not yet. */
export function findDuePathKeys(session: Reader, venue: Venue, madeAt: EpochMs): Promise<PathKey[]> {
  const since = toIso((madeAt - WIDENING_RULE.windowDays * DAY_MS) as EpochMs);
  return session.run<PathKey>(FIND_DUE, [venue, toIso(madeAt), LONGEST, since, LEAST_DAYS]);
}

/** Only what the outermost band and the median say. $4 horizons, $5 from, $6 to. */
const FIND_SPOKEN = {
  name: 'widenings-find-spoken',
  text: `
    select distinct on (f.as_of, f.target_time) epoch_ms(f.as_of) as "asOf", epoch_ms(f.target_time) as "targetTime", f.log_returns as "logReturns"
    from instrument i
    join model m on m.name = $3
    join forecast f on f.instrument_id = i.id and f.horizon = any ($4::text[]) and f.model_id = m.id and f.as_of >= $5::timestamptz and f.as_of <= $6::timestamptz
    where i.venue = $1 and i.symbol = $2 and f.timing = 'ON_TIME' and epoch_ms(f.as_of) % 3600000 = 0
    order by f.as_of, f.target_time, f.model_id desc`,
};

/** Returns fans whose day was over at a midnight. */
export async function findSpokenFans(session: Reader, { instrumentId, modelName }: PathKey, madeAt: EpochMs): Promise<SpokenPath[]> {
  const { venue, symbol } = splitInstrumentId(instrumentId);
  const to = (madeAt - horizonMs(LONGEST)) as EpochMs;
  const from = (madeAt - WIDENING_RULE.windowDays * DAY_MS) as EpochMs;
  const rows = await session.run<{ asOf: EpochMs; targetTime: EpochMs; logReturns: number[] }>(FIND_SPOKEN, [
    ...[venue, symbol, modelName, FAN],
    ...[toIso(from), toIso(to)],
  ]);
  const paths = new Map<EpochMs, SpokenPath & { knots: SpokenPath['knots'][number][] }>();
  for (const { asOf, targetTime, logReturns } of rows) {
    const minutes = (targetTime - asOf) / MINUTE_MS;
    const path = paths.get(asOf) ?? { asOf, knots: [] };
    path.knots.push({ minutes, slopes: logReturns.map((logReturn) => logReturn / Math.sqrt(minutes)) });
    paths.set(asOf, path);
  }
  return [...paths.values()];
}

const INSERT = {
  name: 'widenings-insert',
  text: `
    insert into path_widening (instrument_id, model_name, made_at, paths, factors)
    select i.id, $3, $4::timestamptz, $5::integer, $6::double precision[] from instrument i where i.venue = $1 and i.symbol = $2
    on conflict do nothing`,
};

/** Stores a widening; one that is there stays. */
export async function insertWidening(session: Reader, { instrumentId, modelName, madeAt, paths, factors }: NewPathWidening): Promise<void> {
  const { venue, symbol } = splitInstrumentId(instrumentId);
  await session.run(INSERT, [venue, symbol, modelName, toIso(madeAt), paths, factors]);
}
