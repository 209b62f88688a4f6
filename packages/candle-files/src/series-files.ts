import { DAY_MS, type Decimal, HOUR_MS, MINUTE_MS } from '@candlecast/domain';

/** A column of a file of daily values, which becomes one series. */
export interface SeriesColumn {
  /** The column's name in the header. */
  readonly column: string;
  readonly key: string;
  /** What a value may be, both ends included; what lies outside is refused. */
  readonly min: Decimal;
  readonly max: Decimal;
  /** LEVEL: the value itself tells something; GROWTH: only its change does. */
  readonly shape: 'LEVEL' | 'GROWTH';
}

/** A file of daily values whose first column is a UTC day. `eventTime` is the day's beginning. */
export interface SeriesFile {
  /** The file's name without its endings. */
  readonly name: string;
  readonly columns: readonly SeriesColumn[];
  /** From the beginning of the day until its value could be known, in milliseconds: at least as long as it took. */
  readonly knownAfterMs: number;
  /** Why that long, for people. */
  readonly knownAfter: string;
}

const decimal = (text: string) => text as Decimal;

/**
 * The files that are known. None of them says when a value was published, so each has one rule, which errs towards too late: a value that
 * counts an hour late costs little, one that counts an hour early makes every evaluation on it worthless.
 */
export const SERIES_FILES: readonly SeriesFile[] = [
  {
    name: 'fear_greed',
    columns: [{ column: 'fng', key: 'fear_greed', min: decimal('0'), max: decimal('100'), shape: 'LEVEL' }],
    knownAfterMs: HOUR_MS,
    knownAfter:
      'alternative.me publishes the index of a day at 00:00 UTC of that day (the API stamps it so and counts down to the next midnight); an hour for delays',
  },
  {
    name: 'vix',
    columns: [{ column: 'vix', key: 'vix', min: decimal('1'), max: decimal('500'), shape: 'LEVEL' }],
    knownAfterMs: 21 * HOUR_MS + 30 * MINUTE_MS,
    knownAfter:
      'the close of 16:15 in New York, 21:15 UTC in winter, and quotes that come 15 minutes late; in summer that is an hour more than needed',
  },
  {
    name: 'dxy',
    columns: [{ column: 'dxy', key: 'dxy', min: decimal('10'), max: decimal('500'), shape: 'GROWTH' }],
    knownAfterMs: DAY_MS,
    knownAfter: 'the session ends at 17:00 in New York, 22:00 UTC in winter; the end of the day leaves room for delayed quotes',
  },
  {
    name: 'hashrate',
    columns: [{ column: 'hashrate', key: 'hashrate', min: decimal('0'), max: decimal('1000000000000'), shape: 'GROWTH' }],
    knownAfterMs: DAY_MS + 12 * HOUR_MS,
    knownAfter: 'Coin Metrics computes it from all blocks of the day, so not before its end; twelve hours for confirmation and publication',
  },
  {
    name: 'difficulty',
    columns: [{ column: 'difficulty', key: 'difficulty', min: decimal('0'), max: decimal('1000000000000000000'), shape: 'GROWTH' }],
    knownAfterMs: DAY_MS + 12 * HOUR_MS,
    knownAfter: 'as the hash rate: the mean over all blocks of the day, published by Coin Metrics after its end',
  },
  {
    name: 'funding_rates',
    columns: [
      { column: 'funding_mean', key: 'funding.mean', min: decimal('-1'), max: decimal('1'), shape: 'LEVEL' },
      { column: 'funding_abs', key: 'funding.abs', min: decimal('0'), max: decimal('1'), shape: 'LEVEL' },
    ],
    knownAfterMs: DAY_MS,
    knownAfter: 'Binance settles funding at 00:00, 08:00 and 16:00 UTC: the mean of a day needs all three; counted from the end of the day',
  },
  {
    name: 'btc_price_volume',
    columns: [
      { column: 'price', key: 'btc_usd.price', min: decimal('0.000001'), max: decimal('1000000000'), shape: 'GROWTH' },
      { column: 'volume', key: 'btc_usd.volume', min: decimal('0'), max: decimal('1000000000000000'), shape: 'GROWTH' },
    ],
    knownAfterMs: DAY_MS,
    knownAfter: 'the last price and the volume of a UTC day, which are known when it ends',
  },
];

/** Returns what a file holds by its name: `fear_greed.csv`, `.csv.gz` or `.zip`; undefined for one that is not known. */
export function findSeriesFile(fileName: string): SeriesFile | undefined {
  const [, name] = /^([a-z_]+)\.(?:csv|csv\.gz|zip)$/.exec(fileName) ?? [];
  return SERIES_FILES.find((file) => file.name === name);
}
