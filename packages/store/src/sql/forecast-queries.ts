// pg, not Prisma: a few rows from the end of an index for each of many instruments and horizons, and one order over all horizons.
import {
  type AsOf,
  type EpochMs,
  type Forecast,
  type ForecastOutcome,
  type ForecastQuery,
  HORIZONS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  splitInstrumentId,
  toIso,
  type Venue,
} from '@candlecast/domain';
import { type ForecastRow, SELECT_FORECAST, toForecast } from './forecasts.ts';
import { toOutcome } from './outcomes.ts';
import { type ScoreRow, SELECT_SCORE } from './scores.ts';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

/**
 * Where a horizon has a champion, its forecasts and those of baselines are shown, and challengers' are not. Of forecasts that are equally new the
 * champion's goes first, then an LSTM's before a baseline's, a younger model's before an older one's.
 */
const IS_SHOWN = `(c.name is null or m.name = c.name or m.kind = 'BASELINE')`;
const NEWEST = `order by f.as_of desc, m.name = c.name desc, m.kind = 'LSTM' desc, f.model_id desc limit 1`;

/** The newest forecast of each wanted instrument and horizon that fulfils `condition`. */
function findLatest(name: string, condition: string, by = `'infinity'`) {
  return {
    name,
    text: `
    ${SELECT_FORECAST}
    from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n)
    join instrument i using (venue, symbol)
    cross join unnest($3::text[]) with ordinality as h (horizon, m)
    left join lateral (
      select c.name from champion_change c
      where c.venue = i.venue and c.horizon = h.horizon and c.at <= ${by}::timestamptz order by c.id desc limit 1) c on true
    cross join lateral (
      select f.* from forecast f join model m on m.id = f.model_id
      where f.instrument_id = i.id and f.horizon = h.horizon and ${IS_SHOWN} and ${condition}
      ${NEWEST}) f
    order by wanted.n, h.m`,
  };
}

const FIND_LATEST = findLatest('forecasts-find-latest', `f.as_of >= coalesce(i.watermark, '-infinity') - interval '14 days'`);

/** $4 issued by then, $5 of closes by then; one of them is infinity. $6 the earlier of the two, less 14 days. */
const FIND_LATEST_THEN = findLatest(
  'forecasts-find-latest-then',
  `f.issued_at <= $4::timestamptz and f.as_of <= least($4::timestamptz + interval '1 minute', $5::timestamptz)
        and f.as_of >= $6::timestamptz - interval '14 days'`,
  '$6',
);

/** Returns the newest forecast per instrument and horizon, not older than 14 days before the newest candle or the moment looked from. */
export async function findLatestRows(
  session: Reader,
  ids: readonly InstrumentId[],
  horizons: readonly Horizon[],
  asOf: AsOf | undefined,
): Promise<Forecast[]> {
  const parts = ids.map(splitInstrumentId);
  const wanted = [parts.map((part) => part.venue), parts.map((part) => part.symbol), horizons];
  const rows = asOf
    ? await session.run<ForecastRow>(FIND_LATEST_THEN, [...wanted, ...boundsOf(asOf), toIso(asOf.at)])
    : await session.run<ForecastRow>(FIND_LATEST, wanted);
  return rows.map(toForecast);
}

/** The latest time that counts: by which it was known, and by which it happened. */
function boundsOf(asOf: AsOf | undefined): [string, string] {
  if (!asOf) return ['infinity', 'infinity'];
  return asOf.kind === 'knownAt' ? [toIso(asOf.at), 'infinity'] : ['infinity', toIso(asOf.at)];
}

/**
 * Each horizon gives its first rows from its own index, and the first of all of them are taken. A forecast is issued before its target time,
 * which bounds `as_of`; a clock that was set back a minute at most is allowed for. $9 known by then, $10 happened by then.
 */
function findPage(take: 'oldest' | 'newest') {
  const [order, beyond] = take === 'oldest' ? ['asc', '>'] : ['desc', '<'];
  return {
    name: `forecasts-find-page-${take}`,
    text: `
      select * from (
        ${SELECT_FORECAST}, ${SELECT_SCORE}
        from instrument i
        cross join unnest($3::text[], $4::bigint[]) h (horizon, length_ms)
        cross join lateral (
          select f.* from forecast f
          where f.instrument_id = i.id and f.horizon = h.horizon and ($5::integer is null or f.model_id = $5)
            and f.issued_at >= $6::timestamptz and f.issued_at < $7::timestamptz
            and f.as_of >= $6::timestamptz - make_interval(secs => h.length_ms / 1000)
            and f.as_of <= $7::timestamptz + interval '1 minute'
            and f.issued_at <= $9::timestamptz and f.as_of <= least($9::timestamptz + interval '1 minute', $10::timestamptz)
            and ($11::timestamptz is null or (f.as_of ${beyond}= $11::timestamptz and (f.as_of, f.ledger_seq) ${beyond} ($11::timestamptz, $12::bigint)))
          order by f.as_of ${order}, f.ledger_seq ${order} limit $8) f
        left join forecast_score s on (s.instrument_id, s.horizon, s.as_of, s.model_id) = (f.instrument_id, f.horizon, f.as_of, f.model_id)
          and s.scored_at <= $9::timestamptz and s.target_time <= $10::timestamptz
        where i.venue = $1 and i.symbol = $2) page
      order by "asOf" ${order}, "ledgerSeq" ${order} limit $8`,
  };
}

const PAGES = { oldest: findPage('oldest'), newest: findPage('newest') };

/** Returns a page of an instrument's forecasts with what came of them, in order. */
export async function findForecastPage(session: Reader, query: ForecastQuery): Promise<ForecastOutcome[]> {
  const { venue, symbol } = splitInstrumentId(query.instrumentId);
  const rows = await session.run<ForecastRow & ScoreRow>(PAGES[query.take], [
    venue,
    symbol,
    query.horizons,
    query.horizons.map(horizonMs),
    query.modelId ?? null,
    toIso(query.issued.from),
    toIso(query.issued.to),
    query.limit,
    ...boundsOf(query.asOf),
    query.beyond ? toIso(query.beyond.asOf) : null,
    query.beyond?.ledgerSeq ?? null,
  ]);
  const found = rows.map(toOutcome);
  return query.take === 'oldest' ? found : found.reverse();
}

/** $4 is the horizon that a whole fan ends with: it is due least often, and where it was issued the shorter ones were. */
const FIND_FAN = {
  name: 'forecasts-find-fan',
  text: `
    ${SELECT_FORECAST}
    from instrument i
    cross join lateral (
      select f.as_of from forecast f
      where f.instrument_id = i.id and f.horizon = $4 and f.model_id = $3::integer and f.as_of <= $5::timestamptz and f.issued_at <= $5::timestamptz
        and f.as_of >= $5::timestamptz - interval '1 day'
      order by f.as_of desc limit 1) newest
    join forecast f on f.instrument_id = i.id and f.horizon = any ($6::text[]) and f.as_of = newest.as_of and f.model_id = $3::integer
      and f.issued_at <= $5::timestamptz
    where i.venue = $1 and i.symbol = $2
    order by f.target_time`,
};

const FAN_END: Horizon = '24h';
const FAN = HORIZONS.filter((horizon) => horizonMs(horizon) <= horizonMs(FAN_END));

/** Returns a model's forecasts up to a day ahead, of the newest `asOf` at which it issued them by `at`; none where that is a day ago. */
export async function findFanRows(session: Reader, id: InstrumentId, modelId: number, at: EpochMs): Promise<Forecast[]> {
  const { venue, symbol } = splitInstrumentId(id);
  return (await session.run<ForecastRow>(FIND_FAN, [venue, symbol, modelId, FAN_END, toIso(at), FAN])).map(toForecast);
}

const FIND_ISSUING = {
  name: 'forecasts-find-issuing',
  text: `
    select m.id from model m
    where exists (
      select from instrument i join forecast_input s on s.instrument_id = i.id and s.model_id = m.id and s.as_of <= $3::timestamptz
      where i.venue = $1 and ($2::text is null or i.symbol = $2) and exists (
        select from forecast f
        where f.instrument_id = s.instrument_id and f.horizon = any ($4::text[]) and f.as_of = s.as_of and f.model_id = s.model_id
          and f.issued_at <= $3::timestamptz))
    order by (
      select count(*) from (
        select distinct on (c.horizon) c.name from champion_change c
        where c.venue = $1 and c.at <= $3::timestamptz order by c.horizon, c.id desc) c where c.name = m.name) desc,
      m.kind = 'LSTM' desc, m.id desc`,
};

/** Returns the ids of the models that had issued for an instrument, or for any of the venue, by then: those that are shown first come first. */
export async function findIssuingModels(session: Reader, venue: Venue, symbol: string | undefined, by: EpochMs): Promise<number[]> {
  return (await session.run<{ id: number }>(FIND_ISSUING, [venue, symbol ?? null, toIso(by), HORIZONS])).map((row) => row.id);
}
