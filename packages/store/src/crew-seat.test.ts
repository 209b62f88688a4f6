import { type CrewSeat, type InstrumentId, LeaseLostError, type LeaseOf } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCandleWriter } from './candle-writer.ts';
import { createCrewSeat } from './crew-seat.ts';
import { createDatabase, type Database } from './database.ts';
import { createInstrumentWriter } from './instrument-writer.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';
import { createTrackingLedger } from './tracking.ts';

const QUIET = { feedState: null, feedDetail: null, blockedForMs: 0 };
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

let store: TestStore;
let ids: InstrumentId[];
let processes: Database[];

beforeEach(async () => {
  store = await openTestStore();
  processes = [];
  ids = await Promise.all(Array.from({ length: 4 }, () => store.list()));
});
afterEach(async () => {
  for (const each of processes) await each.close();
  await store.close();
});

/** A seat on connections of its own, as another process has it. */
async function takeSeat(onWake: () => void = () => undefined): Promise<{ seat: CrewSeat; kill(): Promise<void> }> {
  const database = await createDatabase({ url: store.url, applicationName: 'crew test', poolSize: 2 });
  processes.push(database);
  const seat = createCrewSeat(database, { venue: 'SIM', name: 'test', address: 'here', onWake });
  return {
    seat,
    async kill() {
      const { memberId } = await seat.beat(QUIET);
      await store.sql(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = ${memberId}`);
    },
  };
}

/** Makes all instruments wanted, in the name of whoever has the duty. */
async function wantAll(memberId: number): Promise<void> {
  const symbols = ids.map((id) => ({ symbol: id.slice('SIM:'.length), exchangeStatus: 'TRADING' }));
  await createTrackingLedger(store.db).setWanted('SIM', memberId, symbols, minute(0));
}

async function takeAll(seat: CrewSeat): Promise<LeaseOf> {
  await seat.take(100);
  const tokens = new Map((await seat.beat(QUIET)).leases.map(({ instrumentId, token }) => [instrumentId, token]));
  return (id) => tokens.get(id);
}

describe('a place among the processes of a venue', () => {
  it('has the duty when nobody else is there, and takes what is wanted at once', async () => {
    const { seat } = await takeSeat();
    const view = await seat.beat(QUIET);
    expect(view).toMatchObject({ hasDuty: true, wanted: 0, leases: [] });
    await wantAll(view.memberId);
    expect(await seat.take(3)).toBe(3);
    const after = await seat.beat({ ...QUIET, feedState: 'LIVE' });
    expect(after.wanted).toBe(4);
    expect(after.leases.map(({ exchangeStatus, unlisted }) => [exchangeStatus, unlisted])).toEqual(
      after.leases.map(() => ['TRADING', null]),
    );
    expect(after.leases).toHaveLength(3);
    expect(after.members).toEqual([expect.objectContaining({ isAlive: true, leases: 3, feedState: 'LIVE', address: 'here' })]);
  });

  it('leaves to others what they keep, and takes what they give back', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    await wantAll((await first.seat.beat(QUIET)).memberId);
    expect((await second.seat.beat(QUIET)).hasDuty).toBe(false);
    expect(await first.seat.take(100)).toBe(4);
    expect(await second.seat.take(100)).toBe(0);
    await first.seat.release(ids.slice(0, 1));
    expect(await second.seat.take(100)).toBe(1);
    await first.seat.leave();
    expect(await second.seat.take(100)).toBe(3);
    expect(await second.seat.beat(QUIET)).toMatchObject({ hasDuty: true, members: [expect.objectContaining({ leases: 4 })] });
  });

  it('shares what is free with one that takes at the same moment', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    await wantAll((await first.seat.beat(QUIET)).memberId);
    await second.seat.beat(QUIET);
    for (let round = 0; round < 10; round++) {
      const taken = await Promise.all([first.seat.take(100), second.seat.take(100)]);
      expect(taken[0] + taken[1]).toBe(4);
      const views = [await first.seat.beat(QUIET), await second.seat.beat(QUIET)];
      expect(views.map(({ leases }) => leases.length)).toEqual(taken);
      for (const { seat } of [first, second]) await seat.release(ids);
    }
  });

  it('loses everything soon after its connection ended, although its time is not over', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    await wantAll((await first.seat.beat(QUIET)).memberId);
    await takeAll(first.seat);
    await second.seat.beat(QUIET);
    await first.kill();
    await eventually(async () => expect(await second.seat.take(100)).toBe(4), PATIENCE);
    expect((await second.seat.beat(QUIET)).hasDuty).toBe(true);
    // Back again: the place is the same one and keeps nothing.
    await first.seat.beat(QUIET).catch(() => undefined);
    expect(await first.seat.beat(QUIET)).toMatchObject({ hasDuty: false, leases: [] });
  });

  it('loses everything when it shows no life, although its connection stands', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    const { memberId } = await first.seat.beat(QUIET);
    await wantAll(memberId);
    await takeAll(first.seat);
    expect(await second.seat.take(100)).toBe(0);
    await store.sql(`update ingest_member set renewed_at = '2020-01-01', expires_at = '2020-01-01' where id = ${memberId}`);
    expect(await second.seat.take(100)).toBe(4);
  });

  it('is taken anew under another number after it was struck off', async () => {
    const { seat } = await takeSeat();
    const { memberId } = await seat.beat(QUIET);
    await store.sql(`delete from ingest_member`);
    await expect(seat.beat(QUIET)).rejects.toMatchObject({ code: 'crew_struck_off', retryable: true });
    expect((await seat.beat(QUIET)).memberId).toBeGreaterThan(memberId);
  });

  it('is woken by a request and told of a ban, even by one that has left', async () => {
    let woken = 0;
    const [first, second] = [await takeSeat(), await takeSeat(() => (woken += 1))];
    await second.seat.beat(QUIET);
    await store.db.prisma.trackingRequest.create({ data: { venue: 'SIM', symbol: 'X', action: 'TRACK' } });
    await eventually(() => expect(woken).toBe(1), PATIENCE);
    await first.seat.beat({ ...QUIET, blockedForMs: 60_000 });
    await first.seat.leave();
    const { members } = await second.seat.beat(QUIET);
    expect(Math.max(...members.map(({ blockedForMs }) => blockedForMs))).toBeGreaterThan(30_000);
  });
});

describe('a writer with leases', () => {
  it('is refused as a whole when another process has taken one of its instruments, and names those', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    const { memberId } = await first.seat.beat(QUIET);
    await wantAll(memberId);
    const writer = createCandleWriter(store.db, await takeAll(first.seat));
    const [kept, lost] = ids as [InstrumentId, InstrumentId];
    await writer.startLiveAll(ids, minute(0));
    await writer.commitClosed(
      ids.map((instrumentId) => ({ instrumentId, candles: candlesBetween(0, 2) })),
      minute(3),
    );

    await first.seat.release([lost]);
    await second.seat.take(1);
    const batch = [kept, lost].map((instrumentId) => ({ instrumentId, candles: [candleAt(2)] }));
    const refusal = await writer.commitClosed(batch, minute(4)).catch((cause: unknown) => cause);
    expect(refusal).toBeInstanceOf(LeaseLostError);
    expect(refusal).toMatchObject({ code: 'lease_lost', retryable: false, instrumentIds: [lost] });
    await expect(writer.recordGap(lost, { from: minute(2), to: minute(3) }, 'PENDING', minute(4))).rejects.toMatchObject({
      code: 'lease_lost',
    });
    expect(await store.reader.findOpenTimes(kept, { from: minute(0), to: minute(9) })).toHaveLength(2);
    expect((await writer.commitClosed(batch.slice(0, 1), minute(4)))[0]).toMatchObject({ inserted: 1 });
  });

  it('sets states of what it keeps alone', async () => {
    const { seat } = await takeSeat();
    await wantAll((await seat.beat(QUIET)).memberId);
    const states = createInstrumentWriter(store.db, await takeAll(seat));
    const [kept, lost] = ids as [InstrumentId, InstrumentId];
    await seat.release([lost]);
    await states.setStates([kept, lost].map((id) => ({ id, state: 'LIVE', reason: null })));
    const rows = await store.sql<{ state: string }>(`select state from instrument order by symbol limit 2`);
    expect(rows.map(({ state }) => state)).toEqual(['LIVE', 'REQUESTED']);
  });

  it('never loses a lease in the middle of a commit', async () => {
    const [first, second] = [await takeSeat(), await takeSeat()];
    const { memberId } = await first.seat.beat(QUIET);
    await wantAll(memberId);
    const leaseOf = await takeAll(first.seat);
    await store.sql(`update ingest_member set renewed_at = '2020-01-01', expires_at = '2020-01-01' where id = ${memberId}`);
    const commit = await store.db.sessions.pool.connect();
    await commit.query('begin');
    await commit.query('select from instrument order by id limit 1 for no key update');
    expect(await second.seat.take(100)).toBe(3);
    await commit.query('commit');
    commit.release();
    expect(await second.seat.take(100)).toBe(1);
    const writer = createCandleWriter(store.db, leaseOf);
    await expect(writer.startLiveAll(ids, minute(0))).rejects.toMatchObject({ instrumentIds: expect.arrayContaining(ids) });
  });
});

describe('the wanted instruments', () => {
  it('change with what is wanted and with the words of the exchange, in the hands of the duty alone', async () => {
    const { seat } = await takeSeat();
    const { memberId } = await seat.beat(QUIET);
    const ledger = createTrackingLedger(store.db);
    const wish = (symbol: string, exchangeStatus: string | null) => ({ symbol, exchangeStatus });
    expect(await ledger.setWanted('SIM', memberId + 1, [wish('TEST1USDT', 'TRADING')], minute(0))).toEqual({ added: [], removed: [] });
    const added = await ledger.setWanted(
      'SIM',
      memberId,
      [wish('TEST1USDT', 'TRADING'), wish('TEST2USDT', 'BREAK'), wish('NONE', 'TRADING')],
      minute(0),
    );
    expect(added).toEqual({ added: ['SIM:TEST1USDT', 'SIM:TEST2USDT'], removed: [] });
    await seat.take(2);
    const unlisted = await ledger.setWanted('SIM', memberId, [wish('TEST1USDT', null)], minute(5));
    expect(unlisted).toEqual({ added: [], removed: ['SIM:TEST2USDT'] });
    expect((await seat.beat(QUIET)).leases).toEqual([
      expect.objectContaining({ exchangeStatus: null, unlisted: { from: minute(5), to: null } }),
    ]);
    await ledger.setWanted('SIM', memberId, [wish('TEST1USDT', 'TRADING')], minute(9));
    expect((await seat.beat(QUIET)).leases).toEqual([
      expect.objectContaining({ exchangeStatus: 'TRADING', unlisted: { from: minute(5), to: minute(9) } }),
    ]);
  });
});
