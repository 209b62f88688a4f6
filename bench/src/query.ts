// `npm run bench:query`: reads of 1,000 candles of every interval with 25 million one-minute rows stored, per storage tier.
// Runs on the embedded PostgreSQL, and on the servers that TEST_APACHE_URL and TEST_TIMESCALE_URL name. Filling takes minutes a tier.
import { parseArgs } from 'node:util';
import { createReport } from './measure/report.ts';
import { openTierServer } from './measure/tier-servers.ts';
import { seconds } from './measure/timing.ts';
import { fillMarket, LONG_MINUTES } from './query/fill-market.ts';
import { measureReads } from './query/measure-reads.ts';

// `-- --minutes 20000` fills less: for a quick look, not for figures.
const { values } = parseArgs({ options: { minutes: { type: 'string', default: String(LONG_MINUTES) } } });
const minutes = Number.parseInt(values.minutes, 10);
const report = createReport();
const urls = [undefined, process.env.TEST_APACHE_URL, process.env.TEST_TIMESCALE_URL];
for (const [index, url] of urls.entries()) {
  if (index > 0 && !url) {
    report.skip(index === 1 ? 'Apache edition' : 'full edition', `${index === 1 ? 'TEST_APACHE_URL' : 'TEST_TIMESCALE_URL'} is not set`);
    continue;
  }
  const server = await openTierServer(url || undefined);
  try {
    report.section(`Reads (${server.tier})`);
    let market: Awaited<ReturnType<typeof fillMarket>> | undefined;
    const took = await seconds(async () => {
      market = await fillMarket(server.database, minutes);
    });
    report.figure({ what: `${server.tier}: filled with 40 series of ${minutes} minutes and every roll-up in`, value: took, unit: 's' });
    if (market) await measureReads(server.database, market, report);
  } finally {
    await server.stop();
  }
}
process.exitCode = report.exitCode();
