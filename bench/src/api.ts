// `npm run bench:api`: 1,000 bars over HTTP from the gateway, beside the bare SQL and a plain Fastify route on the same rows, one after
// the other in one run. `-- --profile DIR` writes a CPU profile of the gateway there.
import { parseArgs } from 'node:util';
import { SECOND_MS } from '@candlecast/domain';
import { createInstrumentWriter } from '@candlecast/store';
import { createAsker } from './api/ask.ts';
import { type Candidate, interleave } from './api/interleave.ts';
import { buildProgram, startProgram } from './api/program.ts';
import { readColumns } from './api/read-columns.ts';
import { MARKET_START } from './measure/made-up-market.ts';
import { createReport } from './measure/report.ts';
import { openEmbedded } from './measure/tier-servers.ts';
import { percentile } from './measure/timing.ts';
import { fillMarket } from './query/fill-market.ts';

const BARS = 1_000;
const ROUNDS = 400;
const MINUTES = 20_000;
const QUERY = /* GraphQL */ `
  query Bars($symbol: ID!, $interval: Interval!, $to: Int!, $countback: Int!) {
    bars(symbol: $symbol, interval: $interval, to: $to, countback: $countback) { s t o h l c v nextTime cursor }
  }
`;

const { values } = parseArgs({ options: { profile: { type: 'string' } } });
const report = createReport();
const server = await openEmbedded(false);
const stops: (() => Promise<void>)[] = [];
try {
  const market = await fillMarket(server.database, MINUTES);
  const now = MARKET_START + MINUTES * 60_000;
  await createInstrumentWriter(server.database).saveClock({
    venue: 'SIM',
    wallTime: Date.now() as never,
    anchorTime: now as never,
    speed: 1,
  });
  const environment = { DATABASE_URL: server.url, CANDLECAST_QUOTA_PUBLIC: '1000000000', CANDLECAST_LOG_LEVEL: 'warn' };
  // The document is not one of the page's, which in production takes a key.
  const open = { ...environment, NODE_ENV: 'development' };
  const gateway = await startProgram(await buildProgram('apps/gateway/src/main.ts'), open, '/ready', values.profile);
  stops.push(gateway.stop);
  const plain = await startProgram(await buildProgram('bench/src/api/plain-server.ts'), environment, '/health', undefined);
  stops.push(plain.stop);
  const ask = createAsker();
  stops.push(async () => ask.close());

  report.section(`${BARS} bars of 1m, plain PostgreSQL, ${ROUNDS} rounds`);
  const id = market.long[7] ?? market.all[0];
  if (!id) throw new Error('the market is empty');
  const endOf = (round: number) => now / SECOND_MS - ((round * 7_919) % (MINUTES - 2 * BARS)) * 60;
  const candidates: Candidate[] = [
    { name: 'bare SQL', run: (round) => readColumns(server.database.sessions, { id, interval: '1m', to: endOf(round), count: BARS }) },
    {
      name: 'plain Fastify route',
      run: (round) => ask.get(`http://127.0.0.1:${plain.port}/bars?symbol=${id}&interval=1m&to=${endOf(round)}&countback=${BARS}`),
    },
    {
      name: 'gateway',
      run: (round) =>
        ask.post(`http://127.0.0.1:${gateway.port}/graphql`, {
          query: QUERY,
          variables: { symbol: id, interval: '1m', to: endOf(round), countback: BARS },
        }),
    },
  ];
  await checkEqual(candidates);
  const times = await interleave(candidates, ROUNDS);
  for (const { name } of candidates) {
    const taken = times.get(name) ?? [];
    report.figure({ what: `${name}, p50`, value: percentile(taken, 0.5), unit: 'ms' });
    const goal = name === 'gateway' ? { goal: { atMost: 50 } } : {};
    report.figure({ what: `${name}, p95`, value: percentile(taken, 0.95), unit: 'ms', ...goal });
  }
  for (const share of [0.5, 0.95]) {
    const [ours, theirs] = ['gateway', 'plain Fastify route'].map((name) => percentile(times.get(name) ?? [], share));
    const value = (ours ?? 0) / (theirs ?? 1);
    report.figure({ what: `gateway ÷ plain route, p${share * 100}`, value, unit: '', ...(share === 0.95 && { goal: { atMost: 2 } }) });
  }
} finally {
  for (const stop of stops.reverse()) await stop();
  await server.stop();
}
process.exitCode = report.exitCode();

/** All three give the same numbers, or the comparison is of different things. */
async function checkEqual(candidates: readonly Candidate[]): Promise<void> {
  const columnsOf = (answer: unknown) => {
    const { t, o, h, l, c, v } = ((answer as { data?: { bars: unknown } }).data?.bars ?? answer) as Record<string, number[]>;
    return JSON.stringify({ t, o, h, l, c, v });
  };
  const [first, ...others] = await Promise.all(
    candidates.map(async ({ run }) => {
      const answer = await run(1);
      return columnsOf(answer instanceof Buffer ? JSON.parse(answer.toString()) : answer);
    }),
  );
  if (first === undefined || JSON.parse(first).t.length !== BARS || others.some((other) => other !== first)) {
    throw new Error('the three do not give the same bars');
  }
}
