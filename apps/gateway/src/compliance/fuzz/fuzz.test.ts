import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../schema/schema.ts';
import { post } from '../../testing/post.ts';
import { BTC, ETH, startTestMarket, type TestMarket } from '../../testing/test-market.ts';
import { arbitraryProbe, type Probe } from './arbitrary-probe.ts';
import { sendProbe } from './send-probe.ts';

// `npm run fuzz:gateway -- --runs 100000 --seed 7` runs more of it.
const RUNS = Number.parseInt(process.env.FUZZ_RUNS ?? '1000', 10);
const SEED = Number.parseInt(process.env.FUZZ_SEED ?? '20261124', 10);
/** Probes that are under way at a time. */
const AT_A_TIME = 20;

let market: TestMarket;
let httpUrl: string;
let port: number;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  await market.close(BTC, 0, 200);
  ({ httpUrl, port } = await market.startGateway(undefined, false));
});
afterAll(() => market.stop());

describe('whatever is sent', () => {
  it(
    `harms nobody: ${RUNS} requests, messages and bytes`,
    async () => {
      const took: number[] = [];
      const probes = fc.array(arbitraryProbe(schema), { minLength: AT_A_TIME, maxLength: AT_A_TIME });
      await fc.assert(
        fc.asyncProperty(probes, async (together) => {
          const outcomes = await Promise.all(together.map((probe) => sendProbe(probe, port)));
          took.push(...outcomes.map(({ tookMs }) => tookMs));
          expect(outcomes.flatMap(({ fault }, at) => (fault === undefined ? [] : [`${fault}\n${show(together[at])}`]))).toEqual([]);
          expect((await post(httpUrl, '{ __typename }')).data).toEqual({ __typename: 'Query' });
        }),
        { seed: SEED, numRuns: Math.ceil(RUNS / AT_A_TIME), endOnFailure: true },
      );
      const sorted = took.sort((a, b) => a - b);
      const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
      const late = sorted.filter((ms) => ms > 1_000).length;
      console.log(
        `${took.length} probes, seed ${SEED}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms, ${late} later than 1 s`,
      );
    },
    Math.max(240_000, RUNS * 100),
  );
});

function show(probe: Probe | undefined): string {
  return probe?.kind === 'bytes' ? Buffer.from(probe.bytes).toString('hex') : JSON.stringify(probe);
}
