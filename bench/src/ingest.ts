// `npm run bench:ingest`: what ingest and store can take, beside the limit of the parts they are made of. Build first (`npm run build`).
import { measureFullBackfill } from './ingest/full-backfill.ts';
import { measureLiveWrites } from './ingest/live-writes.ts';
import { createReport } from './measure/report.ts';
import { openTierServer, type TierServer } from './measure/tier-servers.ts';

const report = createReport();
await onServer('Closed candles, live', (server) => measureLiveWrites(server, report));
await onServer('History', (server) => measureFullBackfill(server, report));
process.exitCode = report.exitCode();

async function onServer(title: string, measure: (server: TierServer) => Promise<void>): Promise<void> {
  const server = await openTierServer();
  try {
    report.section(`${title} (${server.tier})`);
    await measure(server);
  } finally {
    await server.stop();
  }
}
