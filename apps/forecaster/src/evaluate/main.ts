// `npm run forecast:evaluate`: fits the whole ladder on candle files, fold by fold, and reports how each row did.
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError, addMs, DAY_MS, type EpochMs, INTERVALS, parseIso } from '@candlecast/domain';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { writeReport } from '../reports/write-report.ts';
import { evaluate } from './evaluate.ts';

/** The pairs with all twelve columns from 2022 on. */
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT', 'XRPUSDT', 'ADAUSDT', 'DOGEUSDT', 'DOTUSDT'];

interface Options {
  readonly fromFiles: string;
  readonly external?: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly trainFrom: EpochMs;
  readonly report: string;
  readonly interval: (typeof INTERVALS)[number];
  readonly symbols: string[];
  readonly test: string[];
  readonly foldMonths: number;
  readonly frozen: boolean;
  readonly thorough: boolean;
  readonly ablation: boolean;
  readonly search: number;
  readonly seed: number;
  readonly threads: number;
}

const command = new Command('npm run forecast:evaluate --')
  .description(
    'Evaluates every forecasting model on candle files. Models are fitted on what had matured before each fold; a range of up to six months is one fold, with frozen models. Fits are kept in REPORT/cache: a run that was stopped goes on.',
  )
  .requiredOption('--from-files <dir>', 'folder of candle files, SYMBOL-1h-….csv.gz')
  .requiredOption('--from <date>', 'first day that is judged, UTC', parseDate)
  .requiredOption('--to <date>', 'last day that is judged, UTC', parseDate)
  .requiredOption('--report <dir>', 'folder for report.md, report.json and plots')
  .option('--train-from <date>', 'first day that models learn from', parseDate, Date.parse('2021-07-01') as EpochMs)
  .option('--external <dir>', 'folder of daily series from outside (docs/external-series.md) that models are told, too')
  .option('--interval <interval>', 'candles: 1m, 30m, 1h or 1d', parseKnownInterval, '1h')
  .option('--symbols <symbols...>', 'pairs that models learn from', SYMBOLS)
  .option('--test <symbols...>', 'pairs that are judged', ['BTCUSDT', 'ETHUSDT'])
  .option('--fold-months <months>', 'months of a fold where the range is longer than six', parseWhole, 3)
  .option('--frozen', 'one fold, whatever the length of the range', false)
  .option('--no-thorough', 'leave out ablation and importance')
  .option('--no-ablation', 'leave out ablation alone: a training more for each group of features')
  .option('--search <trials>', 'trials of the search over settings of the LSTM with context, judged in validation only', parseWhole, 0)
  .option('--seed <seed>', 'of everything that is drawn', parseWhole, 1)
  .option('--threads <threads>', 'fits at a time', parseWhole, availableParallelism());

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const options = command.opts<Options>();
  const bar = new SingleBar({
    format: '{bar} {value}/{total} fits, {eta_formatted} left; {last}',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  const { report, samples } = await evaluate(
    new URL('./start-fit-worker.mjs', import.meta.url),
    {
      command: `npm run forecast:evaluate -- ${process.argv.slice(2).join(' ')}`,
      dir: resolve(options.fromFiles),
      externalDir: options.external === undefined ? undefined : resolve(options.external),
      interval: options.interval,
      range: { from: options.from, to: addMs(options.to, DAY_MS) },
      trainFrom: options.trainFrom,
      symbols: options.symbols,
      tested: options.test,
      foldMonths: options.frozen ? 0 : options.foldMonths,
      seed: options.seed,
      threads: options.threads,
      isThorough: options.thorough,
      isAblated: options.thorough && options.ablation,
      trials: options.search,
      cacheDir: join(options.report, 'cache'),
    },
    {
      onLoaded({ bars, symbols, folds, fits, kept }) {
        console.log(`${symbols} pairs of ${bars} bars, ${folds} folds; ${fits} fits to do, ${kept} kept from before`);
        bar.start(fits, 0, { last: '' });
      },
      onFitted: ({ model, fold }, fitMs) => bar.increment({ last: `${model} fold ${fold} in ${(fitMs / 1_000).toFixed(1)} s` }),
      onProgress: ({ model, fold }, { epoch, validationLoss, baselineLoss }) =>
        bar.update({
          last: `${model} fold ${fold} epoch ${epoch}: ${(100 * (1 - validationLoss / baselineLoss)).toFixed(2)} % in validation`,
        }),
    },
  ).finally(() => bar.stop());
  console.log(`written: ${await writeReport(resolve(options.report), report, samples)}`);
  for (const alarm of report.alarms) console.error(`alarm: ${alarm}`);
}

function parseDate(text: string): EpochMs {
  const time = parseIso(text);
  if (time === undefined) throw new InvalidArgumentError(`"${text}" is not a day such as 2022-07-01`);
  return time;
}

function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number`);
  return Number.parseInt(text, 10);
}

function parseKnownInterval(text: string): Options['interval'] {
  const interval = INTERVALS.find((known) => known === text);
  if (!interval) throw new InvalidArgumentError(`"${text}" is not one of ${INTERVALS.join(', ')}`);
  return interval;
}
