import { AppError, clockOfVenue, parseIso, systemClock, VENUES, type Venue } from '@candlecast/domain';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { createDumpHost } from '../binance/dump-host.ts';
import { readConfig } from '../config.ts';
import { connectStore } from '../write/connect-store.ts';
import { planImport } from './plan-import.ts';
import { outcomeLine, summaryLine } from './print-import.ts';
import { type ImportOutcome, runImport } from './run-import.ts';

const command = new Command('npm run candles:import --')
  .description('Imports 1m candles from files in the format of Binance’s dumps (.zip, .csv.gz, .csv), or from the dump host itself.')
  .argument('[paths...]', 'files, or folders of files named SYMBOL-1m-PERIOD; a .CHECKSUM beside a file is compared')
  .option('--symbol <symbols...>', 'pairs to fetch from the dump host (CANDLECAST_DUMP_URL)')
  .option('--from <time>', 'first day, such as 2022-01-01')
  .option('--to <time>', 'end, exclusive; now when absent')
  .option('--venue <venue>', `whose candles they are: ${VENUES.join(', ')}`, 'BINANCE');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const options = command.opts<{ symbol?: string[]; from?: string; to?: string; venue: string }>();
  const config = readConfig({ ...process.env, CANDLECAST_SOURCE: 'binance' });
  if (!config.ok) throw config.error;
  const venue = VENUES.find((name): name is Venue => name === options.venue);
  if (!venue) throw new AppError('config_invalid', `--venue "${options.venue}" is not one of ${VENUES.join(', ')}`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const store = await connectStore(config.value.databaseUrl);
  const bar = new SingleBar({ format: '{bar} {file} {rows} rows', stream: process.stderr, clearOnComplete: true, hideCursor: true });
  const outcomes: ImportOutcome[] = [];
  try {
    const clock = await store.instruments.findClock(venue);
    const now = () => (clock ? clockOfVenue(clock, systemClock).now() : systemClock.now());
    const wish = {
      paths: command.args,
      symbols: options.symbol ?? [],
      from: timeOf('--from', options.from),
      to: timeOf('--to', options.to),
    };
    const items = await planImport(wish, now());
    const showsBar = process.stderr.isTTY === true;
    if (showsBar) bar.start(items.length, 0, { file: '', rows: 0 });
    await runImport(items, {
      ...store,
      venue,
      host: config.value.dumpUrl === undefined ? undefined : createDumpHost(config.value.dumpUrl, stop.signal),
      now,
      elapsedMs: () => performance.now(),
      signal: stop.signal,
      onRows: (file, rows) => bar.update({ file, rows }),
      onOutcome(outcome) {
        outcomes.push(outcome);
        if (showsBar) bar.update(Math.min(outcomes.length, items.length));
        console.log(outcomeLine(outcome));
      },
    });
  } finally {
    bar.stop();
    await store.close();
  }
  console.log(summaryLine(outcomes));
  if (stop.signal.aborted) process.exitCode = 130;
}

function timeOf(name: string, text: string | undefined) {
  if (text === undefined) return undefined;
  const time = parseIso(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined) throw new AppError('config_invalid', `${name} "${text}" is not a day or an ISO-8601 time with a time zone`);
  return time;
}
