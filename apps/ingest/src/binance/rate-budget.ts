import Bottleneck from 'bottleneck';
import type { ExchangeClock, Purpose } from '../exchange.ts';

/** Hands out request weight so that the address stays well below the exchange's limit. */
export interface RateBudget {
  /** Runs a request when its weight may be spent; repairs go first. */
  run<T>(request: { readonly weight: number; readonly purpose: Purpose }, work: () => Promise<T>): Promise<T>;
  /** Takes over what the exchange says was used in this minute by everybody at this address. */
  observeUsed(weight: number): void;
  /** Takes over the limit that the exchange states for a minute. */
  setLimit(weightPerMinute: number): void;
  /** Starts nothing for `exchangeMs` of the exchange's time. */
  pause(exchangeMs: number): void;
  close(): Promise<void>;
}

/** Share of the exchange's limit that is ever used, and the part of it that only repairs may use. */
const USABLE_SHARE = 0.8;
const REPAIR_SHARE = 0.2;
/** Weight of the requests under way at one time (of one klines request it is 2). */
const MAX_CONCURRENT_WEIGHT = 24;
const HISTORY_CONCURRENT_WEIGHT = 12;
const MINUTE_MS = 60_000;
const PRIORITY: Record<Purpose, number> = { repair: 3, history: 7 };

/** Starts a budget of `weightPerMinute` that refills at every full minute of the exchange, as the exchange counts. */
export function createRateBudget(clock: Pick<ExchangeClock, 'now' | 'toWallMs'>, weightPerMinute: number): RateBudget {
  let limit = weightPerMinute;
  let inFlight = 0;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  const all = new Bottleneck({ maxConcurrent: MAX_CONCURRENT_WEIGHT, reservoir: Math.floor(limit * USABLE_SHARE) });
  const history = new Bottleneck({
    maxConcurrent: HISTORY_CONCURRENT_WEIGHT,
    reservoir: Math.floor(limit * (USABLE_SHARE - REPAIR_SHARE)),
  }).chain(all);
  refillAtMinute();

  return {
    async run({ weight, purpose }, work) {
      const limiter = purpose === 'history' ? history : all;
      return limiter.schedule({ weight, priority: PRIORITY[purpose] }, async () => {
        inFlight += weight;
        try {
          return await work();
        } finally {
          inFlight -= weight;
        }
      });
    },
    observeUsed(weight) {
      if (clock.now() >= pausedUntil) allow(weight);
    },
    setLimit(newLimit) {
      limit = newLimit;
    },
    pause(exchangeMs) {
      pausedUntil = Math.max(pausedUntil, clock.now() + exchangeMs);
      set(0, 0);
      refillAtMinute();
    },
    async close() {
      clearTimeout(timer);
      await Promise.all([history, all].map((limiter) => limiter.stop({ dropWaitingJobs: true, dropErrorMessage: 'stopped' })));
    },
  };

  /** The reply that tells the used weight does not know of the requests still under way. */
  function allow(used: number): void {
    const left = (share: number) => Math.max(0, Math.floor(limit * share) - used - inFlight);
    set(left(USABLE_SHARE), left(USABLE_SHARE - REPAIR_SHARE));
  }

  function set(forAll: number, forHistory: number): void {
    all.updateSettings({ reservoir: forAll });
    history.updateSettings({ reservoir: forHistory });
  }

  function refillAtMinute(): void {
    clearTimeout(timer);
    const now = clock.now();
    const at = Math.max(pausedUntil, Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
    timer = setTimeout(
      () => {
        if (clock.now() >= pausedUntil) allow(0);
        refillAtMinute();
      },
      Math.max(10, clock.toWallMs(at - now)),
    );
    timer.unref();
  }
}
