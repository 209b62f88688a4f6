// pg, not Prisma: window functions over the rows where they are; a day of minutes takes 4 ms, a month 110 ms.
import { type AsOf, type EpochMs, OUTLIER_SCORE, type QualityCheck, type QualityReport, type TimeRange, toIso } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

/** Binance keeps eight decimals of a trade's quote amount: a sum of n trades may be off by n of the last place. */
const ROUNDING = '0.00000001';
/** Minutes without a trade that are worth a line. */
const LONG_RUN = 60;
const EXAMPLES = 10;

/** Each check that looks at one candle, as SQL; a column that is null proves nothing. */
const ROW_CHECKS: readonly (readonly [QualityCheck, string])[] = [
  ['PRICE_ORDER', 'least(open, high, low, close) <= 0 or low > least(open, close) or high < greatest(open, close)'],
  ['NEGATIVE_VOLUME', 'least(base_volume, quote_volume, taker_buy_base_volume, taker_buy_quote_volume) < 0 or trade_count < 0'],
  ['TAKER_ABOVE_TOTAL', 'taker_buy_base_volume > base_volume or taker_buy_quote_volume > quote_volume'],
  [
    'AVERAGE_OUT_OF_RANGE',
    `base_volume > 0 and (quote_volume > high * base_volume + (coalesce(trade_count, 1) + 1) * ${ROUNDING}
      or quote_volume < low * base_volume - (coalesce(trade_count, 1) + 1) * ${ROUNDING})`,
  ],
  ['VOLUME_WITHOUT_TRADES', '(trade_count = 0) <> (base_volume = 0)'],
  ['TRADE_COUNT', 'trade_count > 0 and last_trade_id - first_trade_id + 1 <> trade_count'],
  ['OFF_GRID', `open_time <> date_trunc('minute', open_time)`],
  ['CORRECTED', 'revision > 0'],
];

/**
 * Outliers by the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): 0.6745 · |r − median| ÷ MAD of the
 * one-minute log returns of the range itself, with the mean absolute deviation × 1.2533 ÷ 0.6745 in the place of a MAD of zero, as they
 * advise. Their bound of 3.5 is for normal data; of a heavy tail it would flag every hundredth minute, so the bound here is ten times that.
 */
const REPORT = {
  name: 'quality-report',
  text: `
    with c as materialized (
      select *, close::float8 as c1, lag(close::float8) over w as c0, lag(open_time) over w as t0
      from candle_1m where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz
      window w as (order by open_time)
    ), r as materialized (
      select open_time, ln(c1 / c0) as ret from c where t0 = open_time - interval '1 minute' and c0 > 0 and c1 > 0
    ), m as (select percentile_cont(0.5) within group (order by ret) as median from r
    ), d as (
      select median, percentile_cont(0.5) within group (order by abs(ret - median)) as mad, avg(abs(ret - median)) as aad
      from r, m group by median
    ), scored as (
      select r.open_time, case when mad > 0 then 0.6745 * abs(ret - median) / mad
        when aad > 0 then abs(ret - median) / (1.2533 * aad) else 0 end as score
      from r, d
    ), runs as (
      select min(open_time) as open_time, count(*)::integer as minutes
      from (select open_time, open_time - interval '1 minute' * row_number() over (order by open_time) as island
            from c where base_volume = 0) z
      group by island
    ), found as (
      ${ROW_CHECKS.map(([check, condition]) => `select '${check}' as "check", open_time, 0 as weight from c where ${condition}`).join('\n      union all ')}
      union all select 'OUTLIER_RETURN', open_time, -score from scored where score > ${OUTLIER_SCORE}
      union all select 'ZERO_VOLUME_RUN', open_time, -minutes from runs where minutes >= ${LONG_RUN}
    )
    select (select count(*)::integer from c) as candles,
      (select coalesce(max(minutes), 0) from runs) as "longestZeroVolumeRun",
      (select max(score) from scored) as "largestScore",
      (select coalesce(json_agg(f), '[]') from (
        select "check", count(*)::integer as count,
          (array_agg(epoch_ms(open_time) order by weight, open_time))[1:${EXAMPLES}] as examples
        from found group by "check" order by 1) f) as findings`,
};

/** Runs every check on the stored 1m candles of `range`. */
export async function findQualityRow(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<QualityReport> {
  const [row] = await session.run<QualityReport>(REPORT, [seriesId, toIso(range.from), toIso(range.to)]);
  return row ?? { candles: 0, findings: [], longestZeroVolumeRun: 0, largestScore: null };
}

/** Over rows of candle_1m from $2 up to $3; `minutes` says which, with $4 as the moment of the past that is asked for. */
const compareTradeIds = (name: string, minutes: string): Statement => ({
  name,
  text: `
    with c as (
      select open_time, first_trade_id as first, lag(last_trade_id) over (order by open_time) as before,
        row_number() over (order by open_time) as n
      from ${minutes} where trade_count is distinct from 0
    )
    select count(*)::integer as candles,
      count(*) filter (where n > 1 and (first is null or before is null))::integer as unknown,
      count(*) filter (where first <> before + 1)::integer as breaks,
      coalesce((array_agg(epoch_ms(open_time) order by open_time) filter (where first <> before + 1))[1:${EXAMPLES}], '{}') as "breakTimes"
    from c`,
});
const STORED = 'select * from candle_1m where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz';
const TRADE_IDS = {
  present: compareTradeIds('quality-trade-ids', `(${STORED}) m`),
  eventTime: compareTradeIds(
    'quality-trade-ids-happened',
    `(${STORED} and open_time < date_bin('1 minute', $4::timestamptz, timestamptz '2000-01-03 00:00+00')) m`,
  ),
  knownAt: compareTradeIds('quality-trade-ids-known', 'candle_1m_known($1::integer, $2::timestamptz, $3::timestamptz, $4::timestamptz) m'),
};

/** Compares the first trade id of every candle with trades with the last one of the candle before it. */
export async function checkTradeIdRows(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange, asOf?: AsOf) {
  const [row] = await session.run<{ candles: number; unknown: number; breaks: number; breakTimes: string[] }>(
    TRADE_IDS[asOf?.kind ?? 'present'],
    [seriesId, toIso(range.from), toIso(range.to), ...(asOf ? [toIso(asOf.at)] : [])],
  );
  if (!row) return { candles: 0, unknown: 0, breaks: 0, breakTimes: [] };
  return { ...row, breakTimes: row.breakTimes.map((time) => Number.parseInt(time, 10) as EpochMs) };
}
