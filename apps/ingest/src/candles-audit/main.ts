import {
  AppError,
  type CandleValues,
  clockOfVenue,
  type EpochMs,
  parseIso,
  systemClock,
  type TimeRange,
  VENUES,
  type Venue,
} from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { Command } from 'commander';
import { createBinanceExchange } from '../binance/binance-exchange.ts';
import { type IngestConfig, readConfig } from '../config.ts';
import { createIngestMetrics } from '../health/metrics.ts';
import { connectStore } from '../write/connect-store.ts';
import { auditFile } from './audit-file.ts';
import { fileAuditLines, windowLine } from './print-audit.ts';
import { runAudit } from './run-audit.ts';

const command = new Command('npm run candles:audit --')
  .description('Audits files of candles of any interval, or without files the stored 1m series: what is missing is reported and repaired.')
  .argument('[files...]', 'files named SYMBOL-INTERVAL-PERIOD.csv, .csv.gz or .zip')
  .option('--symbol <symbols...>', 'only these pairs of the database')
  .option('--from <time>', 'first day, such as 2022-01-01')
  .option('--to <time>', 'end, exclusive')
  .option('--venue <venue>', `whose candles: ${VENUES.join(', ')}`, 'BINANCE')
  .option('--no-repair', 'report only: the exchange is not asked');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  if (command.args.length > 0) {
    for (const path of command.args) for (const line of fileAuditLines(path, await auditFile(path))) console.log(line);
    return;
  }
  const config = readConfig(process.env);
  if (!config.ok) throw config.error;
  await auditDatabase(config.value);
}

async function auditDatabase(config: IngestConfig): Promise<void> {
  const options = command.opts<{ symbol?: string[]; from?: string; to?: string; venue: string; repair: boolean }>();
  const venue = VENUES.find((name): name is Venue => name === options.venue);
  if (!venue) throw new AppError('config_invalid', `--venue "${options.venue}" is not one of ${VENUES.join(', ')}`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const store = await connectStore(config.databaseUrl);
  const fetchPage = options.repair && venue === config.venue ? await openExchange(config, stop.signal) : undefined;
  try {
    const clock = await store.instruments.findClock(venue);
    const now = () => (clock ? clockOfVenue(clock, systemClock).now() : systemClock.now());
    const range = { from: timeOf('--from', options.from), to: timeOf('--to', options.to) };
    const wanted = options.symbol;
    let missing = 0;
    for (const instrument of await store.instruments.findInstruments(venue)) {
      if (stop.signal.aborted || (wanted && !wanted.includes(instrument.symbol))) continue;
      await runAudit(instrument, range, {
        store,
        now,
        fetchPage,
        onWindow(audited, window) {
          missing += window.missing;
          console.log(windowLine(audited.id, window));
        },
      });
    }
    console.log(`${missing} minutes were missing without a record${missing > 0 && !fetchPage ? ' and are recorded as PENDING' : ''}`);
  } finally {
    stop.abort();
    await store.close();
  }
}

/** Asks the exchange for its time first: without an answer the audit reports only. */
async function openExchange(config: IngestConfig, signal: AbortSignal) {
  const metrics = createIngestMetrics(createMetrics());
  const exchange = createBinanceExchange({ ...config, wall: systemClock, metrics, log: createLogger('ingest', 'silent'), signal });
  try {
    await exchange.clock.refresh(0);
  } catch (cause) {
    console.error(`the exchange does not answer, nothing is repaired: ${cause instanceof Error ? cause.message : String(cause)}`);
    await exchange.close();
    return undefined;
  }
  return (symbol: string, range: TimeRange): Promise<CandleValues[]> =>
    exchange.fetchCandles({ symbol, ...range, limit: 1_000, purpose: 'history' });
}

function timeOf(name: string, text: string | undefined): EpochMs | undefined {
  if (text === undefined) return undefined;
  const time = parseIso(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined) throw new AppError('config_invalid', `${name} "${text}" is not a day or an ISO-8601 time with a time zone`);
  return time;
}
