import { runStatement } from '@candlecast/postgres';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from './create-test-database.ts';
import { eventually } from './eventually.ts';
import { FakeClock } from './fake-clock.ts';
import { findFreePort } from './find-free-port.ts';

describe('createTestDatabase', () => {
  it('gives every caller a migrated database of its own', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await runStatement(one.url, 'create table only_here (id int)');
    await runStatement(one.url, 'select count(*) from _prisma_migrations');
    await expect(runStatement(other.url, 'select * from only_here')).rejects.toThrow('does not exist');
    await Promise.all([one.drop(), other.drop()]);
    await expect(runStatement(one.url, 'select 1')).rejects.toThrow('does not exist');
  });
});

describe('eventually', () => {
  it('returns the first result that does not throw', async () => {
    let attempts = 0;
    const result = await eventually(
      () => {
        attempts += 1;
        if (attempts < 3) throw new Error('not yet');
        return attempts;
      },
      { intervalMs: 1 },
    );
    expect(result).toBe(3);
  });

  it('throws the last reason when time is over', async () => {
    const never = () => {
      throw new Error('never');
    };
    await expect(eventually(never, { timeoutMs: 5, intervalMs: 1 })).rejects.toThrow('never');
  });
});

describe('FakeClock', () => {
  it('moves only when told', () => {
    const clock = new FakeClock(1_000);
    clock.advance(500);
    expect(clock.now()).toBe(1_500);
    clock.set(10);
    expect(clock.now()).toBe(10);
  });
});

describe('findFreePort', () => {
  it('returns a port that can be listened on', async () => {
    expect(await findFreePort()).toBeGreaterThan(0);
  });
});
