// pg, not Prisma: sums made again in SQL, with those of track_day, and candles found by time.
import {
  type DifferingDay,
  dueEveryMs,
  type Forecast,
  HORIZONS,
  type StoredClose,
  splitInstrumentId,
  toIso,
  type Venue,
} from '@candlecast/domain';
import type { Session } from './session.ts';
import { TRACK_COLUMNS, TRACK_SUMS } from './track-sums.ts';

type Reader = Pick<Session, 'run'>;

const FIND_CLOSES = {
  name: 'ledger-find-closes',
  text: `
    select c.close::text as close, c.known_at as "knownAt"
    from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as k (venue, symbol, target_time, n)
    join instrument i using (venue, symbol)
    left join candle_1m c on c.instrument_id = i.id and c.open_time = k.target_time - interval '1 minute'
    order by k.n`,
};

/** Returns the candles that end at forecasts' target times, in their order. */
export async function findCloses(session: Reader, forecasts: readonly Forecast[]): Promise<(StoredClose | null)[]> {
  const parts = forecasts.map(({ instrumentId }) => splitInstrumentId(instrumentId));
  const rows = await session.run<StoredClose | { readonly close: null }>(FIND_CLOSES, [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    forecasts.map(({ targetTime }) => toIso(targetTime)),
  ]);
  return rows.map((row) => (row.close === null ? null : row));
}

const FIND_DIFFERING = {
  name: 'ledger-find-differing-days',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", model_id as "modelId", horizon, day::timestamptz as day
    from (
      select s.instrument_id, s.model_id, s.horizon, (s.scored_at at time zone 'UTC')::date, ${TRACK_SUMS}
      from (
        select s.*, f.ref_price::double precision as ref_price, epoch_ms(s.as_of) % d.every_ms = 0 as is_regular
        from unnest($2::text[], $3::bigint[]) d (horizon, every_ms)
        join forecast_score s on s.horizon = d.horizon
        join instrument i on i.id = s.instrument_id and i.venue = $1
        join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
      ) s group by 1, 2, 3, 4
    ) made (instrument_id, model_id, horizon, day, first_as_of, last_as_of, ${TRACK_COLUMNS.join(', ')})
    full join (select t.* from track_day t join instrument i on i.id = t.instrument_id where i.venue = $1) kept
      using (instrument_id, model_id, horizon, day)
    join instrument i on i.id = instrument_id
    where not coalesce(${['made.first_as_of = kept.first_as_of', 'made.last_as_of = kept.last_as_of', ...TRACK_COLUMNS.map(isClose)].join(' and ')}, false)
    order by 1, 2, 3, 4`,
};

function isClose(column: string): string {
  return `abs(made.${column} - kept.${column}) <= 1e-9 * greatest(1, abs(made.${column}))`;
}

/** Returns the days whose sums are not those of their scores. */
export function findDifferingDays(session: Reader, venue: Venue): Promise<DifferingDay[]> {
  return session.run<DifferingDay>(FIND_DIFFERING, [venue, HORIZONS, HORIZONS.map(dueEveryMs)]);
}
