import { AppError, systemClock } from '@candlecast/domain';
import { createDatabase, createExternalWriter } from '@candlecast/store';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { planSeriesImport } from './plan-series-import.ts';
import { outcomeLine, summaryLine } from './print-series-import.ts';
import { runSeriesImport, type SeriesOutcome } from './run-series-import.ts';

const command = new Command('npm run series:import --')
  .description(
    'Imports daily series from outside (.csv, .csv.gz, .zip) with the moment from which each value counts: docs/external-series.md.',
  )
  .argument('[paths...]', 'files, or folders of files, such as fear_greed.csv.gz');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const config = readConfig({ ...process.env, CANDLECAST_SOURCE: 'binance', CANDLECAST_SERIES_FILE: '' });
  if (!config.ok) throw config.error;
  const paths = await planSeriesImport(command.args);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const database = await createDatabase({ url: config.value.databaseUrl, applicationName: 'series-import', poolSize: 1 });
  const bar = new SingleBar({ format: '{bar} {file} {values} values', stream: process.stderr, clearOnComplete: true, hideCursor: true });
  const showsBar = process.stderr.isTTY === true;
  const outcomes: SeriesOutcome[] = [];
  try {
    if (showsBar) bar.start(paths.length, 0, { file: '', values: 0 });
    await runSeriesImport(paths, {
      writer: createExternalWriter(database),
      now: systemClock.now(),
      signal: stop.signal,
      onValues: (file, values) => bar.update({ file, values }),
      onOutcome(outcome) {
        outcomes.push(outcome);
        if (showsBar) bar.update(outcomes.length);
        console.log(outcomeLine(outcome));
      },
    });
  } finally {
    bar.stop();
    await database.close();
  }
  console.log(summaryLine(outcomes, paths.length));
  if (stop.signal.aborted) process.exitCode = 130;
}
