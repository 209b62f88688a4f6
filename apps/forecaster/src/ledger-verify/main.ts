// `npm run ledger:verify`: makes the chain of hashes and every score again and names what does not hold.
import { AppError, toIso, VENUES, type Venue } from '@candlecast/domain';
import { createDatabase, createForecastReader, createLedgerReader } from '@candlecast/store';
import { Command } from 'commander';
import { readConfig } from '../config.ts';
import { rescore } from './rescore.ts';
import { type KeptHead, verifyLedger } from './verify-ledger.ts';

const command = new Command('npm run ledger:verify --')
  .description(
    'Verifies the ledgers of forecasts: recomputes the chain of hashes and every score from the first entry and names what was tampered with.',
  )
  .option('--venue <venues...>', `whose ledgers: ${VENUES.join(', ')}; all of them when absent`)
  .option('--head <heads...>', 'heads that you kept, VENUE:SEQ:HASH: a chain that was made anew since then does not have them');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const options = command.opts<{ venue?: string[]; head?: string[] }>();
  const venues = options.venue?.map(toVenue) ?? VENUES;
  const kept = (options.head ?? []).map(toKeptHead);
  const config = readConfig(process.env);
  if (!config.ok) throw config.error;
  const database = await createDatabase({
    url: config.value.databaseUrl,
    applicationName: 'ledger verify',
    poolSize: 2,
    statementTimeoutMs: 600_000,
  });
  const ledger = createLedgerReader(database);
  const reader = createForecastReader(database);
  let findings = 0;
  try {
    for (const venue of venues) {
      const onFinding = (finding: string) => {
        findings++;
        console.log(`${venue}: ${finding}`);
      };
      const head = await verifyLedger(
        { ledger, models: reader },
        {
          venue,
          kept: kept.filter((one) => one.venue === venue),
          onFinding,
          async onPage(entries) {
            for (const finding of await rescore({ ledger, findResolutions: reader.findResolutions }, entries)) onFinding(finding);
          },
        },
      );
      for (const { instrumentId, modelId, horizon, day } of await ledger.findDifferingDays(venue)) {
        onFinding(`the sums of ${instrumentId} ${horizon} of model ${modelId} on ${toIso(day).slice(0, 10)} are not those of its scores`);
      }
      if (head.seq > 0) console.log(`${venue}: ${head.seq} entries, head ${venue}:${head.seq}:${head.hash}`);
    }
  } finally {
    await database.close();
  }
  console.log(findings === 0 ? 'every ledger holds' : `${findings} findings`);
  if (findings > 0) process.exitCode = 1;
}

function toVenue(text: string): Venue {
  const venue = VENUES.find((name) => name === text);
  if (!venue) throw new AppError('config_invalid', `--venue "${text}" is not one of ${VENUES.join(', ')}`);
  return venue;
}

function toKeptHead(text: string): KeptHead & { readonly venue: Venue } {
  const [, venue = '', seq = '', hash = ''] = /^([A-Z]+):(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === '') throw new AppError('config_invalid', `--head "${text}" is not VENUE:SEQ:HASH`);
  return { venue: toVenue(venue), seq: Number.parseInt(seq, 10), hash };
}
