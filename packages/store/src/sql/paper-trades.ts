// pg, not Prisma: positions are opened and closed inside the transactions of ledger and scores, and read as sums over a running account.
import {
  type EpochMs,
  type Forecast,
  type Horizon,
  type InstrumentId,
  type PaperDay,
  type PaperRows,
  roundTripBps,
  splitInstrumentId,
  toIso,
  toNetBps,
  type Venue,
} from '@candlecast/domain';
import type { ScoredRow } from './scores.ts';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

/** Positions of one horizon are equally long: two overlap where they begin less than that length apart. */
const OPEN = {
  name: 'paper-open',
  text: `
    insert into paper_trade (instrument_id, horizon, as_of, target_time, model_id, side, entry, cost_bps)
    select k.* from json_to_recordset($1::json) as k (instrument_id integer, horizon text, as_of timestamptz, target_time timestamptz,
      model_id integer, side smallint, entry numeric, cost_bps double precision)
    where not exists (
      select from paper_trade p
      where p.instrument_id = k.instrument_id and p.horizon = k.horizon
        and p.as_of > k.as_of - (k.target_time - k.as_of) and p.as_of < k.target_time)`,
};

/** Opens a position for each of these signals that finds none open, oldest first. At most one of an instrument, horizon and `asOf`. */
export async function openTrades(
  session: Session,
  rows: readonly { readonly seriesId: number; readonly forecast: Forecast }[],
): Promise<void> {
  const times = [...new Set(rows.map(({ forecast }) => forecast.asOf))].sort((a, b) => a - b);
  for (const time of times) {
    const sent = rows.flatMap(({ seriesId, forecast: { asOf, horizon, targetTime, modelId, refPrice, signal } }) => {
      if (asOf !== time || !signal || signal.action === 'HOLD') return [];
      const side = signal.action === 'BUY' ? 1 : -1;
      const when = { as_of: toIso(asOf), target_time: toIso(targetTime) };
      return [{ instrument_id: seriesId, horizon, ...when, model_id: modelId, side, entry: refPrice, cost_bps: roundTripBps(signal) }];
    });
    if (sent.length > 0) await session.run(OPEN, [JSON.stringify(sent)]);
  }
}

const FIND_CHAMPIONS = {
  name: 'paper-find-champions',
  text: 'select distinct on (c.horizon) c.horizon, c.name from champion_change c where c.venue = $1 order by c.horizon, c.id desc',
};

/** Returns the names of a venue's champions by horizon. */
export async function findChampionNames(session: Reader, venue: Venue): Promise<Map<Horizon, string>> {
  const rows = await session.run<{ horizon: Horizon; name: string }>(FIND_CHAMPIONS, [venue]);
  return new Map(rows.map(({ horizon, name }) => [horizon, name]));
}

const CLOSE = {
  name: 'paper-close',
  text: `
    update paper_trade p set closed_at = k.closed_at, exit = k.exit, void_reason = k.void_reason, net_bps = k.net_bps
    from json_to_recordset($1::json) as k (instrument_id integer, horizon text, as_of timestamptz, model_id integer, closed_at timestamptz,
      exit numeric, void_reason gap_reason, net_bps double precision)
    where p.instrument_id = k.instrument_id and p.horizon = k.horizon and p.as_of = k.as_of and p.model_id = k.model_id and p.closed_at is null`,
};

/** Closes the positions that were opened for these forecasts: at the price that came, or for nothing where none did. */
export async function closeTrades(session: Session, rows: readonly ScoredRow[]): Promise<void> {
  const sent = rows.flatMap(
    ({ seriesId, forecast: { horizon, asOf, modelId, signal }, resolution: { resolvedAt, actual, voidReason, score } }) => {
      if (!signal || signal.action === 'HOLD') return [];
      const key = { instrument_id: seriesId, horizon, as_of: toIso(asOf), model_id: modelId };
      const net_bps = score && toNetBps(signal.action, score.logReturn, signal);
      return [{ ...key, closed_at: toIso(resolvedAt), exit: actual, void_reason: voidReason, net_bps }];
    },
  );
  if (sent.length > 0) await session.run(CLOSE, [JSON.stringify(sent)]);
}

const SERIES = 'select i.id from instrument i where i.venue = $1 and i.symbol = $2';

/** An account that puts everything into each trade: what it is worth after each, beside the most that it was ever worth. */
const DAYS = {
  name: 'paper-days',
  text: `
    with trade as (
      select p.as_of, p.target_time, p.net_bps, exp(sum(ln(greatest(1 + p.net_bps / 10000, 1e-12))) over (order by p.as_of)) as worth
      from paper_trade p where p.instrument_id = (${SERIES}) and p.horizon = $3 and p.net_bps is not null
    ), account as (
      select t.*, greatest(1, max(t.worth) over (order by t.as_of)) as peak from trade t
    )
    select date_trunc('day', a.target_time) as day, count(*)::integer as trades, count(*) filter (where a.net_bps > 0)::integer as gains,
      sum(a.net_bps) as "netBps", max(1 - a.worth / a.peak) as drawdown
    from account a group by 1 order by 1`,
};

const COUNTS = {
  name: 'paper-counts',
  text: `
    select count(*) filter (where p.closed_at is null)::integer as open, count(p.void_reason)::integer as void
    from paper_trade p where p.instrument_id = (${SERIES}) and p.horizon = $3`,
};

const FIRST = {
  name: 'paper-first',
  text: `
    select f.as_of as "asOf", f.ref_price as price, 2 * f.fee_bps + f.spread_bps as "costBps"
    from forecast f where f.instrument_id = (${SERIES}) and f.horizon = $3 and f.signal is not null order by f.as_of limit 1`,
};

/** Returns what is stored of following every signal of an instrument and horizon. */
export async function findPaperRows(session: Reader, id: InstrumentId, horizon: Horizon): Promise<PaperRows> {
  const { venue, symbol } = splitInstrumentId(id);
  const scope = [venue, symbol, horizon];
  const [days, [counts], [first]] = await Promise.all([
    session.run<PaperDay>(DAYS, scope),
    session.run<{ open: number; void: number }>(COUNTS, scope),
    session.run<{ asOf: EpochMs; price: Forecast['refPrice']; costBps: number }>(FIRST, scope),
  ]);
  return { first: first ?? null, days, open: counts?.open ?? 0, void: counts?.void ?? 0 };
}
