// `npm run bench:ingest`: what ingest and store can take, beside the limit of the parts they are made of. Build first (`npm run build`).
import { measureBulkWrites } from './ingest/bulk-writes.ts';
import { measureFullBackfill } from './ingest/full-backfill.ts';
import { measureLiveWrites } from './ingest/live-writes.ts';
import { measureParseRate } from './ingest/parse-rate.ts';
import { createReport } from './measure/report.ts';
import { onEveryTier, onPlainTier } from './measure/tier-servers.ts';

const report = createReport();
measureParseRate(report);
await onEveryTier(report, 'Closed candles, live', (server) => measureLiveWrites(server, report));
await onEveryTier(report, 'Closed candles, in bulk', (server) => measureBulkWrites(server, report));
await onPlainTier(report, 'History', (server) => measureFullBackfill(server, report));
process.exitCode = report.exitCode();
