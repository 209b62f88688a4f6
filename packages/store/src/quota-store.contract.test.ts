import type { QuotaStore } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuotaStore } from './quota-store.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let quotas: QuotaStore;

beforeAll(async () => {
  store = await openTestStore();
  quotas = createQuotaStore(store.db);
});
afterAll(() => store.close());

/** Keeps the subject's window open: a test must not fall over the end of a minute. */
const holdWindow = (subject: string) =>
  store.sql(`update quota_bucket set window_start = window_start + interval '1 minute' where subject = '${subject}'`);

describe('quotas', () => {
  it('give what is wanted until the limit, and then nothing', async () => {
    expect(await quotas.lease('a', 60, 100)).toMatchObject({ granted: 60, taken: 60 });
    await holdWindow('a');
    expect(await quotas.lease('a', 60, 100)).toMatchObject({ granted: 40, taken: 100 });
    expect(await quotas.lease('a', 60, 100)).toMatchObject({ granted: 0, taken: 100 });
    expect(await quotas.lease('b', 200, 100)).toMatchObject({ granted: 100, taken: 100 });
  });

  it('begin anew with each window', async () => {
    await quotas.lease('c', 100, 100);
    await store.sql(`update quota_bucket set window_start = window_start - interval '1 minute' where subject = 'c'`);
    const lease = await quotas.lease('c', 30, 100);
    expect(lease).toMatchObject({ granted: 30, taken: 30 });
    expect(lease.resetInMs).toBeGreaterThan(0);
    expect(lease.resetInMs).toBeLessThanOrEqual(60_000);
  });

  it('never give more than the limit to processes that ask at once', async () => {
    await quotas.lease('d', 0, 1_000);
    await holdWindow('d');
    const leases = await Promise.all(Array.from({ length: 60 }, () => quotas.lease('d', 37, 1_000)));
    expect(leases.reduce((sum, { granted }) => sum + granted, 0)).toBe(1_000);
  });

  it('take nothing back when a limit becomes smaller', async () => {
    await quotas.lease('e', 80, 100);
    await holdWindow('e');
    expect(await quotas.lease('e', 10, 50)).toMatchObject({ granted: 0, taken: 80 });
  });

  it('forget subjects that ask for nothing for an hour', async () => {
    await quotas.lease('f', 1, 100);
    await quotas.lease('g', 1, 100);
    await store.sql(`update quota_bucket set window_start = window_start - interval '62 minutes' where subject = 'f'`);
    await quotas.sweep();
    expect(await store.sql(`select subject from quota_bucket where subject in ('f', 'g')`)).toEqual([{ subject: 'g' }]);
  });
});
