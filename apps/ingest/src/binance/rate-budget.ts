import { type Clock, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import type { Purpose } from '../exchange.ts';
import { Limiter } from './limiter.ts';

/** Hands out request weight so that the address stays well below the exchange's limit. */
export interface RateBudget {
  /** Runs a request when its weight may be spent; repairs go first. */
  run<T>(request: { readonly weight: number; readonly purpose: Purpose }, work: () => Promise<T>): Promise<T>;
  /** Takes over what the exchange says was used in this minute by everybody at this address, in the answer to a request sent at `sentAt`. */
  observeUsed(weight: number, sentAt: EpochMs): void;
  /** Takes over the limit that the exchange states for a minute. */
  setLimit(weightPerMinute: number): void;
  /** Starts nothing for `ms` milliseconds. */
  pause(ms: number): void;
  /** For how many more milliseconds nothing is started. */
  pausedForMs(): number;
  /** Spends at most this part (0 to 1) of what may be used: other processes ask from the same address. */
  setShare(share: number): void;
  close(): Promise<void>;
}

/** Share of the exchange's limit that is ever used, and the part of it that only repairs may use. */
const USABLE_SHARE = 0.8;
const REPAIR_SHARE = 0.2;
/** Weight of the requests under way at one time (of one klines request it is 2, of a snapshot of the book 50). */
const MAX_CONCURRENT_WEIGHT = 60;
const HISTORY_CONCURRENT_WEIGHT = 12;
const PRIORITY: Record<Purpose, number> = { repair: 3, history: 7, tape: 8, reread: 9 };

/** While others have used everything up, so much is spent every ten seconds to hear whether the exchange's minute has begun anew. */
const PROBE_WEIGHT = 2;
const PROBE_EVERY_MS = 10_000;

/** Starts a budget of `weightPerMinute`. Limits are counted in full minutes of real time, on simulated exchanges with fast clocks too. */
export function createRateBudget(wall: Clock, weightPerMinute: number): RateBudget {
  let limit = weightPerMinute;
  let share = 1;
  let inFlight = 0;
  let spent = { minute: 0, weight: 0 };
  let observed = { sentAt: 0, weight: 0 };
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let closing: Promise<unknown> | undefined;
  const all = new Limiter({ maxConcurrent: MAX_CONCURRENT_WEIGHT, reservoir: 0 });
  const history = new Limiter({ maxConcurrent: HISTORY_CONCURRENT_WEIGHT, reservoir: 0 }).chain(all);
  allow();

  return {
    async run({ weight, purpose }, work) {
      const limiter = purpose === 'repair' ? all : history;
      return limiter.schedule({ weight, priority: PRIORITY[purpose] }, async () => {
        inFlight += weight;
        try {
          return await work();
        } finally {
          inFlight -= weight;
          const minute = minuteOf(wall.now());
          spent = { minute, weight: weight + (spent.minute === minute ? spent.weight : 0) };
        }
      });
    },
    observeUsed(weight, sentAt) {
      // An answer that was asked for in the last minute may tell of the last minute.
      if (minuteOf(sentAt) !== minuteOf(wall.now())) return;
      // Answers overtake each other: an older one counts only when it tells of more.
      const isOlder = sentAt < observed.sentAt && minuteOf(observed.sentAt) === minuteOf(sentAt);
      if (!isOlder || weight > observed.weight) observed = { sentAt: Math.max(sentAt, observed.sentAt), weight };
      allow();
    },
    setLimit(newLimit) {
      limit = newLimit;
      allow();
    },
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, wall.now() + ms);
      allow();
    },
    pausedForMs: () => Math.max(0, pausedUntil - wall.now()),
    setShare(newShare) {
      if (share === newShare) return;
      share = newShare;
      allow();
    },
    async close() {
      clearTimeout(timer);
      closing ??= Promise.all([all.stop(), history.stop()]);
      await closing;
    },
  };

  /** Sets what may be spent from now on, and comes back when that changes by itself: after a pause, or with the next minute. */
  function allow(isProbe = false): void {
    const now = wall.now();
    const nextMinute = (minuteOf(now) + 1) * MINUTE_MS;
    const used = minuteOf(observed.sentAt) === minuteOf(now) ? observed.weight : 0;
    const own = spent.minute === minuteOf(now) ? spent.weight : 0;
    // The answer that told the used weight did not know of the requests still under way. What is used is everybody's, what is spent our own.
    const left = (part: number) => {
      const rest = Math.min(Math.floor(limit * part) - used, Math.floor(limit * part * share) - own);
      return Math.max(0, rest - inFlight);
    };
    const isPaused = now < pausedUntil;
    const isUsedUp = !isPaused && inFlight === 0 && Math.floor(limit * USABLE_SHARE) - used < PROBE_WEIGHT;
    const least = isProbe && isUsedUp ? PROBE_WEIGHT : 0;
    all.setReservoir(isPaused ? 0 : Math.max(least, left(USABLE_SHARE)));
    history.setReservoir(isPaused ? 0 : Math.max(least, left(USABLE_SHARE - REPAIR_SHARE)));
    clearTimeout(timer);
    // Its minute need not begin with ours.
    const again = isPaused ? pausedUntil : isUsedUp ? Math.min(nextMinute, now + PROBE_EVERY_MS) : nextMinute;
    timer = setTimeout(() => allow(true), again - now);
    timer.unref();
  }
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}
