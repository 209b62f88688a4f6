import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { addMs, DAY_MS, toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket } from '../testing/test-market.ts';

const COMMAND = fileURLToPath(new URL('./main.ts', import.meta.url));
const MONTH = toEpochMs(Date.UTC(2022, 1, 1));

let market: TestMarket;
beforeAll(async () => {
  market = await openTestMarket();
  await market.addLive('BTCUSDT', randomWalk({ minutes: 46 * 1_440 + 120, seed: 5, from: addMs(MONTH, -46 * DAY_MS) }));
});
afterAll(() => market.drop());

/** Runs the command on the market; what it printed, whether it failed or not. */
async function run(...args: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: market.url, CANDLECAST_SOURCE: 'simulated' };
  const said = promisify(execFile)(process.execPath, ['--import', 'tsx', COMMAND, ...args], { env });
  const { stdout, stderr } = await said.catch((cause: { stdout: string; stderr: string }) => cause);
  return `${stdout}${stderr}`;
}

describe('npm run forecast:hindcast', () => {
  it('walks what is left, says so, and has nothing to do the next time', async () => {
    const options = ['--least-days', '40', '--minute-days', '0'];
    expect(await run(...options, '--symbols', 'NONEUSDT')).toContain('nothing is left to be walked');
    expect(await run(...options)).toContain('2 moments of the past have hindcasts now that had none');
    expect(await market.readSql('select as_of from hindcast order by as_of')).toEqual(
      [MONTH, addMs(MONTH, 3_600_000)].map((as_of) => ({ as_of })),
    );
    expect(await run(...options)).toContain('nothing is left to be walked');
  }, 120_000);

  it('refuses days that are no number', async () => {
    expect(await run('--minute-days', 'many')).toContain('"many" is not a whole number of days');
  }, 60_000);
});
