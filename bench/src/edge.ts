// `npm run bench:edge`: a thousand visitors read a chart's history behind a real HTTP cache. What they cost the gateway, when a correction is visible
// through the cache, and what is left when the gateway is gone. nginx where there is one (on the PATH or named by NGINX_PATH), else undici's cache.
// Ends with 1 when a chunk cost more than one request, a correction took more than two seconds, or history was gone with the gateway.
import { parseArgs } from 'node:util';
import { buildProgram, startProgram } from './api/program.ts';
import { countRequests } from './edge/count-requests.ts';
import { startHttpCache } from './edge/http-cache.ts';
import { makeHistory } from './edge/make-history.ts';
import { createVisitors } from './edge/visitors.ts';
import { createReport } from './measure/report.ts';
import { openEmbedded } from './measure/tier-servers.ts';

const { values } = parseArgs({ options: { visitors: { type: 'string', default: '1000' }, chunks: { type: 'string', default: '12' } } });
const count = Number.parseInt(values.visitors, 10);
const report = createReport();
const problems: string[] = [];
const expect = (isMet: boolean, problem: string) => void (isMet || problems.push(problem));
const server = await openEmbedded(false);
const stops: (() => Promise<void>)[] = [];
try {
  const history = await makeHistory(server.database, Number.parseInt(values.chunks, 10));
  const environment = { DATABASE_URL: server.url, CANDLECAST_LOG_LEVEL: 'warn' };
  const gateway = await startProgram(await buildProgram('apps/gateway/src/main.ts'), environment, '/ready', undefined);
  const origin = await countRequests(gateway.port);
  const cache = await startHttpCache(origin.port);
  let isUp = true;
  const stopGateway = async () => {
    if (isUp) await gateway.stop();
    isUp = false;
  };
  stops.push(stopGateway, origin.stop, cache.stop);
  const visitors = createVisitors(cache.port, history.symbol);

  report.section(`${count} visitors behind ${cache.name}, ${values.chunks} chunks of 1m and of 3m each`);
  const half = Math.floor(count / 2);
  const startedAt = performance.now();
  await visitors.come(half);
  const correctedAt = performance.now();
  await history.correct();
  const visibleMs = (await visitors.untilCorrected(history.correctedPrice)) - correctedAt;
  await visitors.come(count - half);
  const seconds = (performance.now() - startedAt) / 1_000;

  const ofChunks = origin.counts((url) => url.includes('revision'));
  const ofLists = origin.counts((url) => !url.includes('revision'));
  const most = Math.max(...ofChunks.values());
  report.figure({ what: 'requests of visitors', value: visitors.requests(), unit: '' });
  report.figure({ what: 'time for all of them', value: seconds, unit: 's' });
  report.figure({ what: 'addresses of chunks at the gateway', value: ofChunks.size, unit: '' });
  report.figure({ what: 'requests for one chunk at the gateway, most', value: most, unit: '' });
  report.figure({
    what: 'requests for one list of chunks at the gateway, most a second',
    value: Math.max(...ofLists.values()) / seconds,
    unit: '/s',
  });
  report.figure({ what: 'a correction is visible through the cache after', value: visibleMs, unit: 'ms' });
  expect(most === 1, `a chunk cost the gateway ${most} requests`);
  expect(ofChunks.size === visitors.addresses(), `${visitors.addresses()} chunks were read, ${ofChunks.size} reached the gateway`);
  expect(Math.max(...ofLists.values()) <= seconds + 2, 'a list of chunks cost more than one request a second');
  expect(visibleMs <= 2_000, `a correction was visible after ${Math.round(visibleMs)} ms only`);

  await stopGateway();
  const left = await visitors.comeWithoutGateway();
  report.figure({ what: 'answers of the cache with the gateway gone', value: left.answered, unit: `of ${left.asked}` });
  expect(left.answered === left.asked, `without the gateway ${left.asked - left.answered} of ${left.asked} requests were not answered`);
} finally {
  for (const stop of stops.reverse()) await stop();
  await server.stop();
}
for (const problem of problems) console.error(`FAILED: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : report.exitCode();
