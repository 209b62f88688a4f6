import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../testing/post.ts';
import { startTestMarket, type TestMarket } from '../testing/test-market.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

let market: TestMarket;

beforeAll(async () => {
  market = await startTestMarket();
});
afterAll(() => market.stop());

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', MAIN, ...args], { env: { ...process.env, DATABASE_URL: market.url } });

describe('npm run keys:create', () => {
  it('makes the first admin key and prints it, alone, on its standard output', async () => {
    const { stdout, stderr } = await run('--scope', 'admin', '--name', 'operator', '--days', '30');
    expect(stdout).toMatch(/^cc_live_[0-9A-Za-z]{38}\n$/);
    expect(stderr).not.toContain(stdout.trim());
    const { httpUrl } = await market.startGateway();
    const { data } = await post(httpUrl, '{ apiKeys { name scopes expiresAt } }', {}, { authorization: `Bearer ${stdout.trim()}` });
    expect(data).toEqual({ apiKeys: [{ name: 'operator', scopes: ['ADMIN'], expiresAt: expect.any(String) }] });
  });

  it.each([
    [[], /--scope is missing/],
    [['--scope', 'root'], /"root" is not one of read, track, notify, admin/],
    [['--scope', 'read', '--days', '0'], /days "0" is not a whole number/],
    [['--password', 'x'], /--password/],
  ])('says what is wrong with %j', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });
});
