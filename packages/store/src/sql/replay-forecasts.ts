// pg, not Prisma: forecasts and outcomes of many instruments in one order, page by page, each with the head of its ledger then.
import {
  type KnownForecast,
  type KnownForecastQuery,
  type KnownResolution,
  type LedgerHead,
  splitInstrumentId,
  toIso,
} from '@candlecast/domain';
import { type ForecastRow, SELECT_FORECAST, toForecast } from './forecasts.ts';
import { toOutcome } from './outcomes.ts';
import { type ScoreRow, SELECT_SCORE } from './scores.ts';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;
type Place = Pick<KnownForecast, 'time' | 'key'>;

const WANTED = 'unnest($1::text[], $2::text[]) as wanted (venue, symbol) join instrument i using (venue, symbol)';
/** Ordered as bytes, so that every database orders alike. */
const SEQ = `lpad(f.ledger_seq::text, 15, '0')`;
const ISSUED_KEY = `(i.venue || ' f ' || ${SEQ}) collate "C"`;
const SCORED_KEY = `(i.venue || ' s ' || lpad(epoch_ms(s.target_time)::text, 15, '0') || ' ' || ${SEQ}) collate "C"`;

/** A forecast is issued after its close, or by a clock that was set back a minute at most, and before its target time. */
const ISSUED = {
  name: 'replay-issued',
  text: `
    ${SELECT_FORECAST}, f.issued_at as time, ${ISSUED_KEY} as key, h.seq as "headSeq", encode(h.hash, 'hex') as "headHash"
    from ${WANTED}
    join forecast f on f.instrument_id = i.id and f.horizon = any ($3::text[])
      and f.issued_at >= $4::timestamptz and f.issued_at <= $6::timestamptz
      and f.as_of >= $4::timestamptz - interval '7 days' and f.as_of <= $6::timestamptz + interval '1 minute'
    left join lateral (
      select * from ledger_head l where l.venue = i.venue and l.seq >= f.ledger_seq order by l.seq limit 1) h on h.at = f.issued_at
    where (f.issued_at, ${ISSUED_KEY}) > ($4::timestamptz, $5::text)
    order by f.issued_at, key limit $7::integer`,
};

/** Returns one page of forecasts in the order in which they were issued. */
export async function findKnownForecastRows(session: Reader, query: KnownForecastQuery): Promise<KnownForecast[]> {
  const rows = await session.run<ForecastRow & Place & { headSeq: number | null; headHash: string | null }>(ISSUED, toValues(query));
  return rows.map(({ time, key, headSeq, headHash, ...row }) => {
    const { venue } = splitInstrumentId(row.instrumentId);
    const head: LedgerHead | null = headSeq === null || headHash === null ? null : { venue, seq: headSeq, hash: headHash, at: time };
    return { instrumentId: row.instrumentId, time, key, forecast: toForecast(row), head, resolution: null };
  });
}

const SCORED = {
  name: 'replay-scored',
  text: `
    ${SELECT_FORECAST}, ${SELECT_SCORE}, s.scored_at as time, ${SCORED_KEY} as key
    from ${WANTED}
    join forecast_score s on s.instrument_id = i.id and s.horizon = any ($3::text[])
      and s.scored_at >= $4::timestamptz and s.scored_at <= $6::timestamptz and s.as_of <= $6::timestamptz
    join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
    where (s.scored_at, ${SCORED_KEY}) > ($4::timestamptz, $5::text)
    order by s.scored_at, key limit $7::integer`,
};

/** Returns one page of what came of forecasts in the order in which it was stored. */
export async function findKnownResolutionRows(session: Reader, query: KnownForecastQuery): Promise<KnownResolution[]> {
  const rows = await session.run<ForecastRow & ScoreRow & Place>(SCORED, toValues(query));
  return rows.flatMap(({ time, key, ...row }) => {
    const { forecast, resolution } = toOutcome(row);
    return resolution ? [{ instrumentId: forecast.instrumentId, time, key, forecast, resolution }] : [];
  });
}

function toValues({ instrumentIds, horizons, after, until, limit }: KnownForecastQuery): unknown[] {
  const parts = instrumentIds.map(splitInstrumentId);
  const names = [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)];
  return [...names, horizons, toIso(after.time), after.key, toIso(until), limit];
}
