// pg, not Prisma: rows are taken from the list of what is due and scored in one transaction, and sums are added in SQL.
import { DAY_MS, type EpochMs, type Forecast, isDueAt, type Resolution, splitInstrumentId, toIso, type Venue } from '@candlecast/domain';
import { createTimeWriter, toCopyTexts } from './copy-text.ts';
import { type ForecastRow, SELECT_FORECAST, toForecast } from './forecasts.ts';
import type { Session } from './session.ts';
import { TRACK_COLUMNS, TRACK_SUMS } from './track-sums.ts';

type Reader = Pick<Session, 'run'>;

const FIND_NOW = { name: 'scores-find-now', text: 'select venue_now($1) as now' };

/** Returns the venue's time; null when it has no clock. */
export async function findVenueTime(session: Reader, venue: Venue): Promise<EpochMs | null> {
  const [row] = await session.run<{ now: EpochMs | null }>(FIND_NOW, [venue]);
  return row?.now ?? null;
}

/** How long a forecast waits for its candle before a gap in its place makes it void. */
const VOID_AFTER_MS = DAY_MS;

/** Deleted first: who deletes a row has it, and a second process finds it gone. */
const TAKE_MATURED = {
  name: 'scores-take-matured',
  text: `
    with ready as (
      select d.*, c.close::text as actual, g.reason
      from forecast_due d
      join instrument i on i.id = d.instrument_id
      left join candle_1m c on c.instrument_id = d.instrument_id and c.open_time = d.target_time - interval '1 minute'
      left join lateral (
        select g.reason from gap g
        where g.instrument_id = d.instrument_id and g.resolved_at is null
          and g.from_time < d.target_time and g.to_time >= d.target_time
          and d.target_time <= $3::timestamptz and c.close is null
        order by g.id limit 1) g on true
      where i.venue = $1 and d.target_time <= $2::timestamptz and (c.close is not null or g.reason is not null)
      order by d.target_time, d.instrument_id, d.horizon, d.model_id limit $4
    ),
    taken as (
      delete from forecast_due d using ready r
      where (d.target_time, d.instrument_id, d.horizon, d.model_id) = (r.target_time, r.instrument_id, r.horizon, r.model_id)
      returning d.instrument_id, d.horizon, d.model_id, d.as_of, r.actual, r.reason
    )
    ${SELECT_FORECAST}, f.instrument_id as "seriesId", t.actual, t.reason
    from taken t
    join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (t.instrument_id, t.horizon, t.as_of, t.model_id)
    join instrument i on i.id = f.instrument_id
    order by f.target_time, f.ledger_seq`,
};

/** A forecast that can be resolved now. */
export type Matured = { readonly seriesId: number; readonly forecast: Forecast } & (
  | { readonly actual: Forecast['refPrice']; readonly voidReason: null }
  | { readonly actual: null; readonly voidReason: NonNullable<Resolution['voidReason']> }
);

/** Takes the oldest forecasts that can be resolved at `now` off the list of what is due. */
export async function takeMatured(session: Session, venue: Venue, now: EpochMs, limit: number): Promise<Matured[]> {
  const rows = await session.run<ForecastRow & { seriesId: number; actual: Forecast['refPrice'] | null; reason: Matured['voidReason'] }>(
    TAKE_MATURED,
    [venue, toIso(now), toIso((now - VOID_AFTER_MS) as EpochMs), limit],
  );
  return rows.map(({ seriesId, actual, reason, ...row }) => {
    const forecast = toForecast(row);
    return (
      actual === null ? { seriesId, forecast, actual, voidReason: reason } : { seriesId, forecast, actual, voidReason: null }
    ) as Matured;
  });
}

/** Puts forecasts that were just issued on the list of what is due. */
export async function addDue(session: Session, rows: readonly { readonly seriesId: number; readonly forecast: Forecast }[]): Promise<void> {
  const toText = createTimeWriter();
  const values = rows.map(({ seriesId, forecast: { targetTime, horizon, modelId, asOf } }) => {
    return [toText(targetTime), seriesId, horizon, modelId, toText(asOf)];
  });
  await session.copy('copy forecast_due (target_time, instrument_id, horizon, model_id, as_of) from stdin', toCopyTexts(values));
}

const INSERT_SCORES = {
  name: 'scores-insert',
  text: `
    with sent as materialized (
      select * from json_to_recordset($1::json) as s (instrument_id integer, horizon text, as_of timestamptz, model_id integer,
        scored_at timestamptz, target_time timestamptz, actual numeric, void_reason gap_reason, crps double precision, is_reference boolean,
        log_return double precision, hit boolean, band smallint, abs_err numeric, abs_err_naive numeric, crps_reference double precision,
        brier double precision, scorer integer, crps_calibrated double precision, band_calibrated smallint, ref_price double precision, is_regular boolean)
    ),
    stored as (
      insert into forecast_score (instrument_id, horizon, as_of, model_id, scored_at, target_time, actual, void_reason, crps, is_reference,
        log_return, hit, band, abs_err, abs_err_naive, crps_reference, brier, scorer, crps_calibrated, band_calibrated)
      select instrument_id, horizon, as_of, model_id, scored_at, target_time, actual, void_reason, crps, is_reference, log_return, hit, band,
        abs_err, abs_err_naive, crps_reference, brier, scorer, crps_calibrated, band_calibrated
      from sent
    )
    insert into track_day as t
    select s.instrument_id, s.model_id, s.horizon, (s.scored_at at time zone 'UTC')::date, ${TRACK_SUMS}
    from sent s group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (instrument_id, model_id, horizon, day) do update set
      first_as_of = least(t.first_as_of, excluded.first_as_of), last_as_of = greatest(t.last_as_of, excluded.last_as_of),
      ${TRACK_COLUMNS.map((column) => `${column} = t.${column} + excluded.${column}`).join(', ')}`,
};

/** A resolution to be stored. */
export interface ScoredRow {
  readonly seriesId: number;
  readonly forecast: Forecast;
  readonly resolution: Resolution;
}

/** Stores scores and adds them to the sums of their day. */
export async function insertScores(session: Session, rows: readonly ScoredRow[]): Promise<void> {
  const sent = rows.map(({ seriesId, forecast, resolution: { resolvedAt, actual, voidReason, score } }) => ({
    instrument_id: seriesId,
    horizon: forecast.horizon,
    as_of: toIso(forecast.asOf),
    model_id: forecast.modelId,
    scored_at: toIso(resolvedAt),
    target_time: toIso(forecast.targetTime),
    actual,
    void_reason: voidReason,
    crps: score?.crps,
    is_reference: score?.isReference,
    log_return: score?.logReturn,
    hit: score?.hit,
    band: score?.band,
    abs_err: score?.absErr,
    abs_err_naive: score?.absErrNaive,
    crps_reference: score?.crpsReference,
    brier: score?.brier,
    scorer: score?.scorer,
    crps_calibrated: score?.crpsCalibrated,
    band_calibrated: score?.bandCalibrated,
    ref_price: forecast.refPrice,
    is_regular: isDueAt(forecast.horizon, forecast.asOf),
  }));
  await session.run(INSERT_SCORES, [JSON.stringify(sent)]);
}

/** The columns of ScoreRow, of `s`, a score. */
export const SELECT_SCORE = `
  s.scored_at as "resolvedAt", s.actual::text as actual, s.void_reason as "voidReason", s.is_reference as "isReference",
  s.log_return as "logReturn", s.hit, s.band, s.abs_err::text as "absErr", s.abs_err_naive::text as "absErrNaive", s.crps,
  s.crps_reference as "crpsReference", s.brier, s.scorer, s.crps_calibrated as "crpsCalibrated", s.band_calibrated as "bandCalibrated"`;

/** A score as SELECT_SCORE gives it; without `resolvedAt` there is none. */
export type ScoreRow = { readonly resolvedAt: EpochMs | null } & Pick<Resolution, 'actual' | 'voidReason'> &
  NonNullable<Resolution['score']>;

/** Returns the resolution of a row; null where there is none. */
export function toResolution({ resolvedAt, actual, voidReason, ...score }: ScoreRow): Resolution | null {
  if (resolvedAt === null) return null;
  if (actual === null) return { resolvedAt, actual, voidReason: voidReason ?? 'PENDING', score: null };
  return { resolvedAt, actual, voidReason: null, score };
}

const FIND_SCORES = {
  name: 'scores-find',
  text: `
    select ${SELECT_SCORE}
    from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[]) with ordinality
      as k (venue, symbol, model_id, horizon, as_of, n)
    join instrument i using (venue, symbol)
    left join forecast_score s on (s.instrument_id, s.horizon, s.as_of, s.model_id) = (i.id, k.horizon, k.as_of, k.model_id)
    order by k.n`,
};

/** Returns what came of forecasts, in their order. */
export async function findResolutions(session: Reader, forecasts: readonly Forecast[]): Promise<(Resolution | null)[]> {
  const parts = forecasts.map(({ instrumentId }) => splitInstrumentId(instrumentId));
  const rows = await session.run<ScoreRow>(FIND_SCORES, [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    forecasts.map(({ modelId }) => modelId),
    forecasts.map(({ horizon }) => horizon),
    forecasts.map(({ asOf }) => toIso(asOf)),
  ]);
  return rows.map(toResolution);
}
