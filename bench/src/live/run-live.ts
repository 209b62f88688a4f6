import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { addMs, type EpochMs, floorToInterval, MINUTE_MS } from '@candlecast/domain';
import type { Database } from '@candlecast/store';
import type { Supervisor } from '../faults/world/supervisor.ts';
import { compareHeard, readEntries, type StoredEntry } from './compare-heard.ts';
import { findIssued, type IssuedRow } from './count-due.ts';
import { type Heard, startHearing } from './hear.ts';
import { type PlannedKill, planKills } from './plan-kills.ts';
import { type LiveSetting, type LiveStand, openLiveStand } from './stand.ts';
import { verifyLedger } from './verify-ledger.ts';

export interface LivePlan extends LiveSetting {
  /** Of real time. */
  readonly minutes: number;
  readonly forecasters: number;
}

export interface LivePorts {
  /** Hears how far it is. */
  say(line: string): void;
  /** Sees the database once all is over, and how many models had forecast. */
  onStored(database: Database, models: number): Promise<void>;
}

/** What a run has shown. */
export interface LiveResult {
  /** What does not hold; nothing when all does. */
  readonly found: readonly string[];
  readonly rows: readonly IssuedRow[];
  /** The last close that counts. */
  readonly until: EpochMs;
  /** By the venue's clock. */
  readonly kills: readonly EpochMs[];
  readonly heard: number;
}

const LIVE_CAP_MS = 900_000;
const SERVING_CAP_MS = 900_000;
const SETTLE_CAP_MS = 120_000;
const SAY_EVERY_MS = 60_000;
const POLL_MS = 1_000;
/** The others are trained, and join, while forecasters are killed. */
const FIRST_MODEL = 'ewma-normal';
/** A close counts once it could have been forecast and heard. */
const AFTERWARDS_MS = MINUTE_MS;

/** Runs a live system for so many real minutes, kills its forecasters by plan, and compares what was published with what is stored. */
export async function runLive(plan: LivePlan, ports: LivePorts): Promise<LiveResult> {
  const stand = await openLiveStand(plan);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stand.close().finally(() => process.exit(1)));
  const { database, url } = stand.server;
  const found: string[] = [];
  let heard: Heard | undefined;
  try {
    await until(LIVE_CAP_MS, 'every instrument is live', async () => (await countLive(database)) === plan.symbols.length);
    ports.say(`all live, ${plan.historyDays} days of history`);
    heard = await startHearing(url);
    stand.startForecasters(plan.forecasters);
    const { forecasters } = stand;
    await until(SERVING_CAP_MS, `${FIRST_MODEL} forecasts`, async () => (await countServed(database)) === plan.symbols.length);
    ports.say(`${FIRST_MODEL} forecasts every instrument`);

    const kills = await killByPlan(stand, heard, forecasters, plan, ports);
    const last = floorToInterval(addMs(stand.sim.now(), -AFTERWARDS_MS), '1m');
    await until(SETTLE_CAP_MS, 'what has matured is resolved', async () => (await countMatured(database, last)) === 0).catch(
      (cause: unknown) => void found.push(String(cause)),
    );
    for (const [index, one] of [stand.ingest, ...forecasters].entries()) {
      found.push(...one.unexpectedEnds.map((end) => `${index === 0 ? 'ingest' : 'a forecaster'} ended by itself: ${end}`));
      await one.stop();
    }
    await heard.catchUp();
    found.push(...(await judge(database, url, heard)));
    const rows = await findIssued(database);
    await ports.onStored(database, new Set(rows.map(({ name }) => name)).size);
    return { found, rows, until: last, kills, heard: heard.issued.size };
  } catch (cause) {
    for (const one of [stand.ingest, ...stand.forecasters]) for (const line of one.logTail(40)) ports.say(line);
    throw cause;
  } finally {
    await heard?.stop();
    await stand.close();
  }
}

/** Kills and waits until the time is over; returns when the kills were. */
async function killByPlan(
  { sim }: LiveStand,
  heard: Heard,
  forecasters: readonly Supervisor[],
  { minutes, seed }: LivePlan,
  { say }: LivePorts,
): Promise<EpochMs[]> {
  const startedAt = performance.now();
  const passed = () => performance.now() - startedAt;
  const kills: EpochMs[] = [];
  const telling = setInterval(() => {
    const [load = 0] = loadavg();
    say(
      `minute ${Math.round(passed() / 60_000)}: ${heard.issued.size} published, ${heard.resolved.size} resolved, ${kills.length} kills, load ${load.toFixed(1)}`,
    );
  }, SAY_EVERY_MS);
  try {
    for (const kill of planKills(seed, minutes, forecasters.length)) {
      await delay(Math.max(0, kill.atMs - passed()));
      kills.push(await strike(kill, heard, forecasters, () => sim.now()));
    }
    await delay(Math.max(0, minutes * 60_000 - passed()));
  } finally {
    clearInterval(telling);
  }
  return kills;
}

async function strike(
  { victim, afterCloseMs, downMs }: PlannedKill,
  heard: Heard,
  forecasters: readonly Supervisor[],
  now: () => EpochMs,
): Promise<EpochMs> {
  if (afterCloseMs !== undefined) {
    await heard.nextClose();
    await delay(afterCloseMs);
  }
  const at = now();
  await forecasters[victim]?.kill(downMs);
  return at;
}

async function judge(database: Database, url: string, heard: Heard): Promise<string[]> {
  const entries: StoredEntry[] = [];
  for await (const page of readEntries(database)) entries.push(...page);
  const found = compareHeard(heard, entries);
  if (!entries.some(({ isResolved }) => isResolved)) found.push('nothing was resolved');
  found.push(...(await verifyLedger(url, heard.heads)));
  return found;
}

async function countLive({ sessions }: Database): Promise<number> {
  const [row] = await sessions.run<{ count: number }>({
    name: 'bench-live-states',
    text: `select count(*)::integer as count from instrument where state = 'LIVE'`,
  });
  return row?.count ?? 0;
}

async function countServed({ sessions }: Database): Promise<number> {
  const [row] = await sessions.run<{ count: number }>(
    {
      name: 'bench-live-served',
      text: `select count(distinct instrument_id)::integer as count from forecast f join model m on m.id = f.model_id where m.name = $1`,
    },
    [FIRST_MODEL],
  );
  return row?.count ?? 0;
}

async function countMatured({ sessions }: Database, by: EpochMs): Promise<number> {
  const [row] = await sessions.run<{ count: number }>(
    { name: 'bench-live-matured', text: `select count(*)::integer as count from forecast_due where epoch_ms(target_time) <= $1::bigint` },
    [by],
  );
  return row?.count ?? 0;
}

async function until(capMs: number, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + capMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not so after ${capMs / 1_000} s: ${what}`);
    await delay(POLL_MS);
  }
}
