// `npm run bench:ingest`: what ingest and store can take, beside the limit of the parts they are made of.
import { measureLiveWrites } from './ingest/live-writes.ts';
import { createReport } from './measure/report.ts';
import { openTierServer } from './measure/tier-servers.ts';

const report = createReport();
const server = await openTierServer();
try {
  report.section(`Closed candles, live (${server.tier})`);
  await measureLiveWrites(server, report);
} finally {
  await server.stop();
}
process.exitCode = report.exitCode();
