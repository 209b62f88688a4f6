import { AppError, type EpochMs, parseIso } from '@candlecast/domain';
import { inventProfile, type PairProfile } from './pair-profile.ts';

type CatalogueRow = readonly [
  baseAsset: string,
  referencePrice: number,
  tickDecimals: number,
  stepDecimals: number,
  listed: string,
  beta: number,
  ownVolatility: number,
  ordersPerDay: number,
  dailyValueMillions: number,
];

/** Known pairs against USDT, the default instruments first. Listing times are Binance's own; price levels are round figures. */
const CATALOGUE: readonly CatalogueRow[] = [
  ['BTC', 94_000, 2, 5, '2017-08-17T04:00:00Z', 1, 0.006, 21_600, 1_900],
  ['ETH', 3_300, 2, 4, '2017-08-17T04:00:00Z', 1.2, 0.016, 20_000, 1_100],
  ['XRP', 2.2, 4, 1, '2018-05-04T08:11:00Z', 1.15, 0.025, 14_400, 420],
  ['BNB', 880, 2, 3, '2017-11-06T03:54:00Z', 0.85, 0.015, 12_000, 240],
  ['DOGE', 0.16, 5, 0, '2019-07-05T12:00:00Z', 1.4, 0.028, 11_520, 210],
  ['ADA', 0.52, 4, 1, '2018-04-17T04:00:00Z', 1.3, 0.026, 8_640, 95],
  ['POL', 0.16, 4, 1, '2024-09-13T10:00:00Z', 1.25, 0.032, 1_440, 9],
  ['DOT', 2.6, 3, 2, '2020-08-18T23:00:00Z', 1.25, 0.027, 3_200, 18],
  ['SOL', 140, 2, 3, '2020-08-11T06:00:00Z', 1.4, 0.025, 16_000, 560],
  ['LTC', 95, 2, 3, '2017-12-13T03:32:00Z', 0.95, 0.024, 3_600, 38],
  ['USDC', 1, 4, 0, '2018-12-15T00:12:00Z', 0, 0.00004, 4_320, 900],
  ['TRX', 0.28, 4, 1, '2018-06-11T11:30:00Z', 0.5, 0.014, 4_320, 60],
  ['LINK', 14, 2, 2, '2019-01-16T10:00:00Z', 1.25, 0.027, 5_760, 70],
  ['AVAX', 15, 2, 2, '2020-09-22T06:30:00Z', 1.4, 0.029, 4_320, 45],
  ['BCH', 520, 1, 3, '2019-11-28T10:00:00Z', 0.95, 0.026, 2_880, 35],
  ['XLM', 0.26, 4, 0, '2018-05-31T09:30:00Z', 1.1, 0.028, 2_880, 22],
  ['UNI', 6.2, 3, 2, '2020-09-17T03:00:00Z', 1.3, 0.034, 2_880, 25],
  ['ATOM', 2.8, 3, 2, '2019-04-29T04:00:00Z', 1.15, 0.026, 1_440, 8],
  ['ETC', 14, 2, 2, '2018-06-12T05:30:00Z', 1.1, 0.025, 1_440, 9],
  ['FIL', 1.6, 3, 2, '2020-10-15T10:00:00Z', 1.25, 0.03, 1_440, 12],
  ['NEAR', 1.9, 3, 1, '2020-10-16T10:00:00Z', 1.4, 0.033, 2_880, 26],
  ['APT', 2.4, 3, 2, '2022-10-19T01:00:00Z', 1.35, 0.033, 1_440, 14],
  ['ARB', 0.24, 4, 1, '2023-03-23T15:00:00Z', 1.4, 0.032, 2_160, 16],
  ['OP', 0.36, 3, 2, '2022-06-01T07:00:00Z', 1.4, 0.034, 1_440, 10],
  ['SUI', 1.7, 4, 1, '2023-05-03T12:00:00Z', 1.5, 0.034, 5_760, 90],
  ['PEPE', 0.0000052, 8, 0, '2023-05-05T16:00:00Z', 1.7, 0.042, 5_760, 85],
  ['SHIB', 0.0000092, 8, 0, '2021-05-10T11:00:00Z', 1.35, 0.026, 2_880, 22],
  ['AAVE', 180, 2, 3, '2020-10-15T03:00:00Z', 1.3, 0.03, 1_440, 24],
  ['INJ', 5.8, 3, 2, '2020-10-21T04:00:00Z', 1.4, 0.035, 1_440, 10],
  ['ICP', 4.1, 3, 2, '2021-05-11T01:00:00Z', 1.25, 0.032, 1_440, 11],
  ['HBAR', 0.14, 5, 0, '2019-09-29T06:00:00Z', 1.3, 0.031, 1_440, 20],
  ['ALGO', 0.15, 4, 0, '2019-06-22T00:00:00Z', 1.2, 0.028, 1_440, 9],
  ['VET', 0.015, 5, 1, '2018-07-25T03:00:00Z', 1.2, 0.027, 720, 5],
  ['GRT', 0.05, 5, 0, '2020-12-17T20:00:00Z', 1.25, 0.031, 720, 4],
  ['SAND', 0.18, 4, 0, '2020-08-14T04:00:00Z', 1.25, 0.031, 720, 6],
  ['PAXG', 4_100, 2, 4, '2020-08-28T12:00:00Z', 0.05, 0.009, 1_440, 30],
];

const MAX_PAIRS = 1_600;

/**
 * Returns the pairs that the venue lists: those in `wanted` first, then the catalogue, then made-up ones (`C0001USDT` …) until there are
 * `count` (default: no made-up ones; at most 1,600). Wanted names without a quote asset of the venue are left out.
 */
export function listPairs(wanted: readonly string[], count?: number): PairProfile[] {
  if (count !== undefined && (!Number.isInteger(count) || count < 1 || count > MAX_PAIRS)) {
    throw new AppError('pair_count_invalid', `${count} pairs cannot be listed, the venue takes 1 to ${MAX_PAIRS}`);
  }
  const known = new Map(CATALOGUE.map((row) => toProfile(row)).map((profile) => [profile.symbol, profile]));
  const pairs = new Map<string, PairProfile>();
  for (const symbol of wanted) {
    const profile = known.get(symbol) ?? inventProfile(symbol);
    if (profile) pairs.set(symbol, profile);
  }
  const target = Math.max(pairs.size, count ?? MAX_PAIRS);
  for (const [symbol, profile] of known) {
    if (pairs.size < target) pairs.set(symbol, profile);
  }
  for (let number = 1; count !== undefined && pairs.size < target; number++) {
    const profile = inventProfile(`C${String(number).padStart(4, '0')}USDT`);
    if (profile) pairs.set(profile.symbol, profile);
  }
  return [...pairs.values()];
}

function toProfile(row: CatalogueRow): PairProfile {
  const [baseAsset, referencePrice, tickDecimals, stepDecimals, listed, beta, ownVolatility, ordersPerDay, dailyValueMillions] = row;
  return {
    symbol: `${baseAsset}USDT`,
    baseAsset,
    quoteAsset: 'USDT',
    tickDecimals,
    stepDecimals,
    listedTime: parseIso(listed) ?? (0 as EpochMs),
    referencePrice,
    beta,
    ownVolatility,
    // A stablecoin is pulled back within days, the others within the better part of a year.
    dailyPull: baseAsset === 'USDC' ? 0.25 : 0.005,
    ordersPerDay,
    orderValue: (dailyValueMillions * 1e6) / ordersPerDay,
  };
}
