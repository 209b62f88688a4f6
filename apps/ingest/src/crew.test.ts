import { AppError, type Instrument, toInstrumentId } from '@candlecast/domain';
import { createInstrumentReader, createTrackingDesk } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Listing } from './exchange.ts';
import { type IngestProcess, startIngestProcess } from './testing/ingest-process.ts';
import { expectUnbrokenLog } from './testing/log-check.ts';
import { type RunningIngest, startWorld, type World, type WorldOptions } from './testing/world.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'USDCUSDT', 'SOLUSDT', 'XRPUSDT'];
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

let world: World | undefined;
let processes: IngestProcess[] = [];

afterEach(async () => {
  for (const each of processes) await each.signal('SIGKILL');
  processes = [];
  await world?.close();
  world = undefined;
});

async function aWorld(options?: WorldOptions): Promise<World> {
  world = await startWorld({ symbols: SYMBOLS, ...options });
  return world;
}

async function instrument({ database }: World, symbol: string): Promise<Instrument | undefined> {
  return createInstrumentReader(database).findInstrument(toInstrumentId('SIM', symbol));
}

async function untilState(world: World, symbol: string, state: Instrument['state'], stateReason: string | null = null): Promise<void> {
  await eventually(async () => expect(await instrument(world, symbol)).toMatchObject({ state, stateReason }), PATIENCE);
}

async function ask({ database }: World, action: 'TRACK' | 'UNTRACK', symbol: string): Promise<unknown> {
  const desk = createTrackingDesk(database);
  const id = await desk.hand({ venue: 'SIM', symbol, action, requestedBy: null });
  return eventually(async () => {
    const answer = await desk.findAnswer(id);
    if (!answer) throw new AppError('unanswered', `request ${id} waits`);
    return answer.refusal?.code ?? 'granted';
  }, PATIENCE);
}

/** How many instruments each living process keeps, fewest first. */
async function spread({ database }: World): Promise<number[]> {
  const rows = await database.sessions.run<{ kept: number }>({
    name: 'test-spread',
    text: `select count(l.*)::integer as kept from ingest_member m left join ingest_lease l on l.member_id = m.id
           where ingest_is_alive(m) group by m.id order by 1`,
  });
  return rows.map(({ kept }) => kept);
}

async function untilSpread(world: World, ...kept: number[]): Promise<void> {
  await eventually(async () => expect(await spread(world)).toEqual(kept), PATIENCE);
}

async function untilAllLive(world: World, ...ingests: RunningIngest[]): Promise<void> {
  for (const symbol of world.symbols) await untilState(world, symbol, 'LIVE');
  for (const ingest of ingests) await eventually(() => expect(ingest.status().feed).toBe('LIVE'), PATIENCE);
}

/** Waits until the exchange is five minutes further and everything is stored and logged, once. */
async function untilTrue(world: World): Promise<void> {
  const from = world.sim.now();
  await eventually(async () => {
    expect(world.sim.now() - from).toBeGreaterThan(5 * 60_000);
    await world.expectTruth();
    for (const symbol of world.symbols) await expectUnbrokenLog(world.database, 'SIM', symbol);
  }, PATIENCE);
}

describe('instruments on demand', () => {
  it('come by a request, are refused when the exchange does not list them, and stay over a restart', async () => {
    const world = await aWorld({ symbols: ['BTCUSDT', 'ETHUSDT'] });
    const first = world.start({ wish: ['BTCUSDT'] });
    await untilState(world, 'BTCUSDT', 'LIVE');
    expect(await instrument(world, 'ETHUSDT')).toBeUndefined();
    expect(await ask(world, 'TRACK', 'NOSUCHUSDT')).toBe('SYMBOL_NOT_FOUND');
    expect(await ask(world, 'UNTRACK', 'NOSUCHUSDT')).toBe('SYMBOL_NOT_FOUND');
    expect(await ask(world, 'TRACK', 'ETHUSDT')).toBe('granted');
    expect(await ask(world, 'TRACK', 'ETHUSDT')).toBe('granted');
    await untilState(world, 'ETHUSDT', 'LIVE');
    expect(first.feedStates).not.toContain('RECONNECTING');
    await untilTrue(world);

    expect(await ask(world, 'UNTRACK', 'BTCUSDT')).toBe('granted');
    await untilState(world, 'BTCUSDT', 'PAUSED', 'no longer tracked, by request');
    await eventually(() => expect(first.status().counts).toEqual({ LIVE: 1 }), PATIENCE);
    await first.close();
    const second = world.start({ wish: ['BTCUSDT'] });
    await eventually(() => expect(second.status()).toMatchObject({ feed: 'LIVE', counts: { LIVE: 1 } }), PATIENCE);
    expect(await instrument(world, 'BTCUSDT')).toMatchObject({ state: 'PAUSED' });

    expect(await ask(world, 'TRACK', 'BTCUSDT')).toBe('granted');
    await untilState(world, 'BTCUSDT', 'LIVE');
    await untilTrue(world);
  });

  it('are paused with the word of the exchange, delisted when it lists them no longer, and come back', async () => {
    const world = await aWorld({ symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] });
    let change = (listing: Listing): Listing | undefined => listing;
    world.start({ listings: (listings) => listings.flatMap((listing) => change(listing) ?? []) });
    await untilAllLive(world);
    // Whoever asks for a pair that is not listed has a list read anew that is older than a second.
    const untilListed = (symbol: string, state: Instrument['state'], stateReason: string | null) =>
      eventually(async () => {
        expect(await ask(world, 'TRACK', 'NOSUCHUSDT')).toBe('SYMBOL_NOT_FOUND');
        expect(await instrument(world, symbol)).toMatchObject({ state, stateReason });
      }, PATIENCE);
    change = (listing) => {
      if (listing.instrument.symbol === 'BTCUSDT') return { ...listing, status: 'A_NEW_WORD', isTrading: false };
      return listing.instrument.symbol === 'ETHUSDT' ? undefined : listing;
    };
    await untilListed('BTCUSDT', 'PAUSED', 'the exchange says A_NEW_WORD');
    await untilListed('ETHUSDT', 'DELISTED', 'the exchange no longer lists it');
    change = (listing) => listing;
    await untilListed('BTCUSDT', 'LIVE', null);
    await untilAllLive(world);
    await untilTrue(world);
  });
});

describe('an instrument that was given up', () => {
  it('begins anew when it is asked for again', async () => {
    const world = await aWorld({ symbols: ['BTCUSDT', 'ETHUSDT'] });
    world.sim.inject({ kind: 'rest', answer: 400, code: -1121, path: 'klines', symbol: 'ETHUSDT', calls: 1_000 });
    world.start();
    await eventually(async () => expect(await instrument(world, 'ETHUSDT')).toMatchObject({ state: 'FAILED' }), PATIENCE);
    await untilState(world, 'BTCUSDT', 'LIVE');
    world.sim.inject({ kind: 'clear' });
    expect(await ask(world, 'TRACK', 'ETHUSDT')).toBe('granted');
    await untilAllLive(world);
    await untilTrue(world);
  });
});

describe('several processes', () => {
  it('share the instruments, take over from one that ends, and lose and double nothing', async () => {
    const world = await aWorld();
    const first = world.start();
    await untilAllLive(world, first);
    const second = world.start();
    await untilSpread(world, 2, 3);
    await untilAllLive(world, first, second);
    await eventually(() => expect([first, second].map(({ status }) => status().instruments.length).sort()).toEqual([2, 3]), PATIENCE);
    await first.close();
    await untilSpread(world, 5);
    await untilAllLive(world, second);
    await untilTrue(world);
    expect(second.checks.map(({ check }) => check().ready)).toEqual([true, true, true]);
  });

  it('take over from one that is killed and from one that stands still, and outlive its coming back', async () => {
    const world = await aWorld({ speed: 60 });
    const start = async () => {
      const started = await startIngestProcess({
        DATABASE_URL: world.databaseUrl,
        CANDLECAST_SOURCE: 'simulated',
        CANDLECAST_BINANCE_REST_URL: world.sim.restUrl,
        CANDLECAST_BINANCE_WS_URL: world.sim.wsUrl,
        CANDLECAST_CLOCK_SPEED: '60',
        CANDLECAST_INSTRUMENTS: SYMBOLS.join(),
        CANDLECAST_HISTORY_DAYS: '1',
        CANDLECAST_INGEST_PORT: '0',
        CANDLECAST_LOG_LEVEL: 'warn',
      });
      processes.push(started);
      return started;
    };
    const [killed, stopped] = [await start(), await start()];
    await untilSpread(world, 2, 3);
    await untilAllLive(world);
    await killed.signal('SIGKILL');
    await untilSpread(world, 5);
    await untilAllLive(world);

    await start();
    await untilSpread(world, 2, 3);
    await untilAllLive(world);
    await stopped.signal('SIGSTOP');
    await untilSpread(world, 5);
    await untilAllLive(world);
    await untilTrue(world);
    await stopped.signal('SIGCONT');
    await untilSpread(world, 2, 3);
    await untilAllLive(world);
    await untilTrue(world);
  });
});
