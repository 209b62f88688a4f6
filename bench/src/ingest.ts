// `npm run bench:ingest`: what ingest and store can take, beside the limit of the parts they are made of. Build first (`npm run build`).
// `-- --only live` measures one part: parse, live, week, bulk or history. `week` fills 16 million minutes a tier.
import { parseArgs } from 'node:util';
import { measureBulkWrites } from './ingest/bulk-writes.ts';
import { measureFullBackfill } from './ingest/full-backfill.ts';
import { measureLiveWrites } from './ingest/live-writes.ts';
import { measureParseRate } from './ingest/parse-rate.ts';
import { measureWeekEnd } from './ingest/week-end.ts';
import { createReport } from './measure/report.ts';
import { onEveryTier, onPlainTier } from './measure/tier-servers.ts';

const report = createReport();
const PARTS: Readonly<Record<string, () => void | Promise<void>>> = {
  parse: () => measureParseRate(report),
  live: () => onEveryTier(report, 'Closed candles, live', (server) => measureLiveWrites(server, report)),
  week: () => onEveryTier(report, 'The end of a week', (server) => measureWeekEnd(server, report)),
  bulk: () => onEveryTier(report, 'Closed candles, in bulk', (server) => measureBulkWrites(server, report)),
  history: () => onPlainTier(report, 'History', (server) => measureFullBackfill(server, report)),
};
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && !(only in PARTS)) {
  console.error(`--only takes one of ${Object.keys(PARTS).join(', ')}, not "${only}"`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(PARTS)) if (only === undefined || only === name) await measure();
process.exitCode = report.exitCode();
