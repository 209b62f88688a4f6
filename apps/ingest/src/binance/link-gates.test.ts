import type { ConnectTurns } from '@candlecast/domain';
import { createTestDatabase, eventually, type TestDatabase } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectedStore, connectStore } from '../write/connect-store.ts';
import { createLinkGates, type LinkGates } from './link-gates.ts';

let database: TestDatabase;
const stores: ConnectedStore[] = [];
const open: LinkGates[] = [];
const warnings: unknown[] = [];
const log = { warn: (...[fields]: unknown[]) => void warnings.push(fields) };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const gates of open.splice(0)) await gates.close();
  for (const store of stores.splice(0)) await store.close();
  warnings.length = 0;
});
afterAll(() => database.drop());

/** The gates of a process of its own, on the shared database; `attempts` grows with each connection that may be made. */
function aProcess(findTurns?: () => ConnectTurns | undefined) {
  const gates = createLinkGates({ findTurns, log });
  open.push(gates);
  const each = { gates, attempts: 0, connect };
  async function attempt(): Promise<void> {
    each.attempts += 1;
  }
  function connect(count: number): Promise<void>[] {
    return Array.from({ length: count }, () => gates.connect.schedule({}, attempt).catch(() => undefined));
  }
  return each;
}

async function onDatabase(address: string) {
  const store = await connectStore(database.url);
  stores.push(store);
  return aProcess(() => store.connectTurns('SIM', address));
}

/** How many attempts an address may have made `elapsedMs` after its first. */
const allowed = (elapsedMs: number) => 90 + Math.floor(elapsedMs / 1_500) + 1;

describe('gates of two processes behind one address', () => {
  it('let no more attempts through than the exchange allows the address, also to a process that starts later', async () => {
    const startedAt = performance.now();
    const [first, second] = [await onDatabase('here'), await onDatabase('here')];
    first.connect(60);
    second.connect(60);
    await eventually(() => expect(first.attempts + second.attempts).toBeGreaterThanOrEqual(90));
    const third = await onDatabase('here');
    third.connect(30);
    const far = await onDatabase('there');
    await Promise.all(far.connect(30));
    const made = first.attempts + second.attempts + third.attempts;
    expect(made).toBeGreaterThanOrEqual(90);
    expect(made).toBeLessThanOrEqual(allowed(performance.now() - startedAt));
    expect(warnings).toEqual([]);
  });

  it('let each keep to its share where the database does not answer', async () => {
    const startedAt = performance.now();
    const away: ConnectTurns = { take: () => Promise.reject(new Error('away')) };
    const processes = [aProcess(() => away), aProcess(() => away)];
    for (const each of processes) {
      each.gates.setShare(1 / 2);
      each.connect(90);
    }
    await eventually(() => expect(processes.map(({ attempts }) => attempts >= 45)).toEqual([true, true]));
    const made = processes.reduce((sum, { attempts }) => sum + attempts, 0);
    expect(made).toBeLessThanOrEqual(allowed(performance.now() - startedAt));
    expect(warnings).toContainEqual({ err: expect.objectContaining({ message: 'away' }) });
  });

  it('hold nobody up whose database never answers', async () => {
    const each = aProcess(() => ({ take: () => new Promise<never>(() => undefined) }));
    await Promise.all(each.connect(1));
    expect(each.attempts).toBe(1);
  });

  it('are closed at once, also while somebody waits for a turn', async () => {
    const each = aProcess(() => ({ take: async () => 200_000 }));
    const waiting = each.connect(2);
    await each.gates.close();
    await Promise.all(waiting);
    expect(each.attempts).toBe(0);
  });
});
