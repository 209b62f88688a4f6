// pg, not Prisma: a row holds all horizons of a moment, which are told apart, priced as exact decimals and set beside the ledger where they are read.
import {
  AppError,
  addMs,
  type EpochMs,
  type Hindcast,
  type HindcastKey,
  type HindcastModel,
  type HindcastQuery,
  HORIZONS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type KnownForecastQuery,
  type KnownHindcast,
  QUANTILE_LEVELS,
  splitInstrumentId,
  toIso,
} from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

interface HindcastRow extends Pick<Hindcast, 'instrumentId' | 'horizon' | 'asOf' | 'refPrice' | 'pUp'> {
  readonly logReturns: readonly number[];
  readonly prices: readonly Hindcast['refPrice'][];
  readonly modelId: number;
  readonly name: string;
  readonly trainedFrom: EpochMs;
  readonly trainedThrough: EpochMs;
  readonly dataHash: string;
  readonly featureSchema: number;
  readonly horizons: readonly Horizon[];
  readonly codeVersion: string;
  readonly madeAt: EpochMs;
}

const SLICE = 'h.log_returns[9 * p.n::integer - 8 : 9 * p.n::integer]';

/** The columns of HindcastRow, of `h`, a row of hindcasts, `i`, its instrument, `m`, its model, and `p`, the place of a horizon in it. */
const SELECT = `
  select i.venue || ':' || i.symbol as "instrumentId", p.horizon, h.as_of as "asOf", h.ref_price as "refPrice", h.p_up[p.n::integer] as "pUp",
    ${SLICE} as "logReturns",
    array(select round(h.ref_price * exp(r::double precision)::numeric, scale(h.ref_price)) from unnest(${SLICE}) with ordinality q (r, k)
      order by k) as prices,
    m.id as "modelId", m.name, m.trained_from as "trainedFrom", m.trained_through as "trainedThrough", m.data_hash as "dataHash",
    m.feature_schema as "featureSchema", m.horizons,
    m.code_version as "codeVersion", m.made_at as "madeAt"`;

/** The wanted horizons of a row: $3 their names, $4 their ranks. */
const OF_ROW = `
  join hindcast_model m on m.id = h.model_id
  cross join lateral unnest(m.horizons) with ordinality as p (horizon, n)
  join unnest($3::text[], $4::integer[]) as w (horizon, rank) on w.horizon = p.horizon and p.n <= cardinality(h.p_up)`;

/** $7 and $8 the place behind which the page lies, if it does. */
function findPage(take: HindcastQuery['take']) {
  const [order, beyond] = take === 'oldest' ? ['asc', '>'] : ['desc', '<'];
  return {
    name: `hindcasts-find-page-${take}`,
    text: `
    ${SELECT}
    from instrument i
    join hindcast h on h.instrument_id = i.id and h.as_of >= $5::timestamptz and h.as_of < $6::timestamptz
      and ($7::timestamptz is null or h.as_of ${beyond}= $7::timestamptz)
    ${OF_ROW}
    where i.venue = $1 and i.symbol = $2 and ($7::timestamptz is null or (h.as_of, w.rank) ${beyond} ($7::timestamptz, $8::integer))
    order by h.as_of ${order}, w.rank ${order} limit $9::integer`,
  };
}

const PAGES = { oldest: findPage('oldest'), newest: findPage('newest') };

/** Returns a page of an instrument's hindcasts in the order of `asOf`, then of the horizons' lengths. */
export async function findHindcastPage(session: Reader, query: HindcastQuery): Promise<Hindcast[]> {
  const { instrumentId, horizons, range, limit, take, beyond } = query;
  const rows = await session.run<HindcastRow>(PAGES[take], [
    ...[...placeOf(instrumentId), ...ranked(horizons), toIso(range.from), toIso(range.to)],
    ...[beyond ? toIso(beyond.asOf) : null, beyond ? HORIZONS.indexOf(beyond.horizon) : null, limit],
  ]);
  const found = rows.map(toHindcast);
  return take === 'oldest' ? found : found.reverse();
}

/** Returns the hindcast of that key. */
export async function findHindcastRow(session: Reader, { instrumentId, horizon, asOf }: HindcastKey): Promise<Hindcast | undefined> {
  const range = { from: asOf, to: addMs(asOf, 1) };
  const query = { instrumentId, horizons: [horizon], range, limit: 1, take: 'oldest', beyond: undefined } as const;
  const [found] = await findHindcastPage(session, query);
  return found;
}

const FAN_END: Horizon = '24h';
const FAN = HORIZONS.filter((horizon) => horizonMs(horizon) <= horizonMs(FAN_END));

/** $6 the horizon that a whole fan ends with. */
const FIND_FAN = {
  name: 'hindcasts-find-fan',
  text: `
    ${SELECT}
    from instrument i
    cross join lateral (
      select h.* from hindcast h join hindcast_model m on m.id = h.model_id
      where h.instrument_id = i.id and h.as_of <= $5::timestamptz and h.as_of > $5::timestamptz - interval '1 day'
        and array_position(m.horizons, $6::text) <= cardinality(h.p_up)
      order by h.as_of desc limit 1) h
    ${OF_ROW}
    where i.venue = $1 and i.symbol = $2
    order by w.rank`,
};

/** Returns the hindcasts up to a day ahead of the newest moment by `at` that has one of a day; none where that is a day ago. */
export async function findHindcastFanRows(session: Reader, id: InstrumentId, at: EpochMs): Promise<Hindcast[]> {
  return (await session.run<HindcastRow>(FIND_FAN, [...placeOf(id), ...ranked(FAN), toIso(at), FAN_END])).map(toHindcast);
}

/** Ordered as bytes, so that every database orders alike. */
const KEY = `(i.venue || ' h ' || i.symbol || ' ' || lpad(w.rank::text, 2, '0')) collate "C"`;

const FIND_KNOWN = {
  name: 'replay-hindcasts',
  text: `
    ${SELECT}, h.as_of as time, ${KEY} as key
    from unnest($1::text[], $2::text[]) as wanted (venue, symbol) join instrument i using (venue, symbol)
    join hindcast h on h.instrument_id = i.id and h.as_of >= $5::timestamptz and h.as_of <= $7::timestamptz
    ${OF_ROW}
    where (h.as_of, ${KEY}) > ($5::timestamptz, $6::text)
      and not exists (select from forecast f where f.instrument_id = i.id and f.horizon = p.horizon and f.as_of = h.as_of)
    order by h.as_of, key limit $8::integer`,
};

/** Returns one page of the hindcasts of moments at which nothing was issued, in the order of their `asOf`. */
export async function findKnownHindcastRows(session: Reader, query: KnownForecastQuery): Promise<KnownHindcast[]> {
  const { instrumentIds, horizons, after, until, limit } = query;
  const parts = instrumentIds.map(splitInstrumentId);
  const rows = await session.run<HindcastRow & Pick<KnownHindcast, 'time' | 'key'>>(FIND_KNOWN, [
    ...[parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)],
    ...ranked(horizons),
    ...[toIso(after.time), after.key, toIso(until), limit],
  ]);
  return rows.map(({ time, key, ...row }) => ({ instrumentId: row.instrumentId, time, key, hindcast: toHindcast(row) }));
}

function placeOf(id: InstrumentId): [string, string] {
  const { venue, symbol } = splitInstrumentId(id);
  return [venue, symbol];
}

function ranked(horizons: readonly Horizon[]): [readonly Horizon[], number[]] {
  return [horizons, horizons.map((horizon) => HORIZONS.indexOf(horizon))];
}

function toHindcast(row: HindcastRow): Hindcast {
  const { instrumentId, horizon, asOf, refPrice, pUp, logReturns, prices, modelId: id, ...facts } = row;
  const quantiles = QUANTILE_LEVELS.map((level, index) => {
    const [logReturn, value] = [logReturns[index], prices[index]];
    if (logReturn === undefined || value === undefined)
      throw new AppError('hindcast_broken', `the hindcast of ${instrumentId} ${horizon} at ${toIso(asOf)} lacks quantile ${level}`);
    return { level, logReturn, value };
  });
  const model: HindcastModel = { id, instrumentId, ...facts };
  return { model, instrumentId, horizon, asOf, targetTime: addMs(asOf, horizonMs(horizon)), refPrice, pUp, quantiles };
}
