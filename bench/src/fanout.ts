// `npm run bench:fanout`: what it costs to send every event to all who follow it, beside a bare broadcast and beside execution for each
// subscriber, with servers and clients in processes of their own; then throughput, memory of idle connections, and readers that stop reading.
// `-- --seconds 3 --rounds 1` measures shorter, `-- --only stalled` one part: for a quick look, not for figures. Needs 20,000 open files.
import { parseArgs } from 'node:util';
import { createInstrumentWriter } from '@candlecast/store';
import { buildPrograms } from './fanout/build-programs.ts';
import { idOf, SYMBOLS } from './fanout/market.ts';
import { measureIdle, measureStalled } from './fanout/measure-bounds.ts';
import {
  type Contest,
  measureOneEach,
  measureOwnLists,
  measureThroughput,
  measureTwentyEach,
  type OpenStage,
} from './fanout/measure-cost.ts';
import { openStage } from './fanout/stage.ts';
import { createReport } from './measure/report.ts';
import { openEmbedded } from './measure/tier-servers.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '3' }, only: { type: 'string' } },
});
const seconds = Number.parseInt(values.seconds, 10);
const report = createReport();
const programs = await buildPrograms();
const { url, database, stop } = await openEmbedded(false);
const open: OpenStage = (kind) => openStage(programs, kind, url);
const contest: Contest = { open, report, seconds, rounds: Number.parseInt(values.rounds, 10) };

const parts: Readonly<Record<string, () => Promise<void>>> = {
  thousand: () => measureOneEach(contest, 1_000, 20),
  tenThousand: () => measureOneEach(contest, 10_000, 2),
  twenty: () => measureTwentyEach(contest),
  lists: () => measureOwnLists(contest),
  throughput: () => measureThroughput(contest),
  idle: () => measureIdle(open, report),
  stalled: () => measureStalled(open, report, Math.min(seconds, 8)),
};

try {
  const instruments = createInstrumentWriter(database);
  const ids = Array.from({ length: SYMBOLS }, (_, symbol) => idOf(symbol));
  await instruments.upsertInstruments(
    ids.map((id) => ({ id, venue: 'SIM', symbol: id.slice(4), baseAsset: 'S', quoteAsset: 'USDT', tickSize: null, stepSize: null })),
  );
  await instruments.saveClock({ venue: 'SIM', wallTime: 0, anchorTime: 0, speed: 1 } as never);
  for (const [name, measure] of Object.entries(parts)) if (!values.only || values.only === name) await measure();
} finally {
  await stop();
}
process.exitCode = report.exitCode();
