// `npm run bench:query`: reads of 1,000 candles of every interval with 25 million one-minute rows stored, on every storage tier there is.
// Filling takes minutes a tier. `-- --minutes 20000` fills less: for a quick look, not for figures.
import { parseArgs } from 'node:util';
import { createReport } from './measure/report.ts';
import { onEveryTier } from './measure/tier-servers.ts';
import { fillMarket, LONG_MINUTES } from './query/fill-market.ts';
import { measureReads } from './query/measure-reads.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: String(LONG_MINUTES) } } });
const minutes = Number.parseInt(values.minutes, 10);
const report = createReport();
await onEveryTier(report, 'Reads', async ({ database, tier }) => {
  const startedAt = performance.now();
  const market = await fillMarket(database, minutes);
  const took = (performance.now() - startedAt) / 1_000;
  report.figure({ what: `${tier}: filled with 40 series of ${minutes} minutes and every roll-up in`, value: took, unit: 's' });
  await measureReads(database, market, report);
});
process.exitCode = report.exitCode();
