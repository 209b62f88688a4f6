// `npm run forecast:hindcast`: walks what is left of the past now, beside or without a forecaster that runs.
import { AppError, type Instrument, type InstrumentId, splitInstrumentId, systemClock, toIso } from '@candlecast/domain';
import { createCandleReader, createDatabase, createHindcastWriter, createInstrumentReader } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { loadCodeVersion } from '../code-version.ts';
import { readConfig } from '../config.ts';
import { createPaceOf } from '../serve/pace-of.ts';
import { findVenueTime } from '../venue-time.ts';
import { makeHindcasts } from './make-hindcasts.ts';
import { createHindcastMetrics } from './metrics.ts';
import { WALK_PLAN } from './plan-walk.ts';
import { walkInWorker } from './walk-in-worker.ts';

interface Options {
  readonly symbols?: readonly string[];
  readonly minuteDays: number;
  readonly leastDays: number;
}

const command = new Command('npm run forecast:hindcast --')
  .description(
    'Makes hindcasts of the venue of CANDLECAST_SOURCE: what HAR-S, trained month by month on what lay before, would have said. What is there stays; a run that was stopped goes on. A forecaster that runs does the same once a day.',
  )
  .option('--symbols <symbols...>', 'only these; every instrument with enough history when absent')
  .option(
    '--minute-days <days>',
    'newest days that the default instruments are walked at every due time; before that hourly',
    parseWhole,
    WALK_PLAN.minuteDays,
  )
  .option('--least-days <days>', 'days of history that a model needs before it', parseWhole, WALK_PLAN.leastDays);

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const { symbols, minuteDays, leastDays } = command.opts<Options>();
  const config = readConfig(process.env);
  if (!config.ok) throw config.error;
  const { venue, databaseUrl, everyClose, logLevel } = config.value;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new AppError('stopped', 'stopped: run it again to go on')));
  const database = await createDatabase({ url: databaseUrl, applicationName: 'hindcasts', poolSize: 2 });
  const bar = new SingleBar({
    format: '{bar} {value}/{total} months of instruments, {eta_formatted} left; {last}',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  const instruments = createInstrumentReader(database);
  const wanted = (all: Instrument[]) => (symbols ? all.filter(({ symbol }) => symbols.includes(symbol)) : all);
  const symbolOf = (id: InstrumentId) => splitInstrumentId(id).symbol;
  let legs = 0;
  try {
    const added = await makeHindcasts(
      {
        instruments: { findInstruments: async (of) => wanted(await instruments.findInstruments(of)) },
        candles: createCandleReader(database),
        writer: createHindcastWriter(database),
        walk: (task, signal) => walkInWorker(new URL('./start-walk-worker.mjs', import.meta.url), task, signal),
        now: () => findVenueTime(instruments, venue, systemClock),
        metrics: createHindcastMetrics(createMetrics()),
        logger: createLogger('hindcasts', logLevel === 'info' ? 'warn' : logLevel),
      },
      {
        venue,
        codeVersion: loadCodeVersion(new URL(import.meta.url)),
        minuteDays,
        leastDays,
        paceOf: createPaceOf(everyClose),
        onLeg(id, { grid, range }, left) {
          if (legs === 0) bar.start(left, 0, { last: '' });
          legs = Math.max(legs, left);
          bar.update(legs - left, { last: `${symbolOf(id)} ${grid} from ${toIso(range.from).slice(0, 10)}` });
        },
      },
      stop.signal,
    );
    bar.update(legs);
    bar.stop();
    console.log(legs === 0 ? 'nothing is left to be walked' : `${added} moments of the past have hindcasts now that had none`);
  } finally {
    bar.stop();
    await database.close();
  }
}

function parseWhole(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number of days up to 9999`);
  return Number.parseInt(text, 10);
}
