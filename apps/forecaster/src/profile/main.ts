// `npm run data:profile`: describes a pair's candles before anything is fitted on them.
import { resolve } from 'node:path';
import { ALL_TIME, AppError, DAY_MS, type EpochMs, INTERVALS, type Interval, parseIso, type TimeRange } from '@candlecast/domain';
import { Command, InvalidArgumentError } from 'commander';
import { loadBars } from '../dataset/load-bars.ts';
import { barSchema } from '../features/bar-schema.ts';
import { profilePair } from './profile-pair.ts';
import { writeProfile } from './write-profile.ts';

interface Options {
  readonly fromFiles: string;
  readonly symbols: string[];
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly report: string;
}

const command = new Command('npm run data:profile --')
  .description(
    'Describes pairs of a folder of candle files: price and volume by day, what is missing, how features have shifted, trend and season.',
  )
  .requiredOption('--from-files <dir>', 'folder of candle files, SYMBOL-1h-….csv.gz')
  .requiredOption('--symbols <symbols...>', 'pairs')
  .requiredOption('--from <date>', 'first day, UTC', parseDate)
  .requiredOption('--to <date>', 'last day, UTC', parseDate)
  .requiredOption('--report <dir>', 'folder for the descriptions and plots')
  .option('--interval <interval>', 'candles: 1m, 30m, 1h or 1d', parseKnownInterval, '1h');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const { fromFiles, symbols, interval, from, to, report } = command.opts<Options>();
  const schema = barSchema(interval);
  const range: TimeRange = { from, to: (to + DAY_MS) as EpochMs };
  const { series, refused, offGrid } = await loadBars({ dir: resolve(fromFiles), interval, range, symbols });
  for (const each of series) console.log(`written: ${await writeProfile(resolve(report), profilePair(each, schema))}`);
  if (refused + offGrid > 0) console.log(`left out of the files: ${refused} rows refused, ${offGrid} off the grid`);
}

function parseDate(text: string): EpochMs {
  const time = parseIso(text);
  if (time === undefined || time < ALL_TIME.from) throw new InvalidArgumentError(`"${text}" is not a day such as 2022-07-01`);
  return time;
}

function parseKnownInterval(text: string): Interval {
  const interval = INTERVALS.find((known) => known === text);
  if (!interval) throw new InvalidArgumentError(`"${text}" is not one of ${INTERVALS.join(', ')}`);
  return interval;
}
