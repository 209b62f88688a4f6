import type { EpochMs, QuotaStore } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Caller } from '../keys/caller.ts';

/** Points a minute. */
export interface QuotaLimits {
  /** Of an address without a key, and of a visitor's workspace. */
  readonly public: number;
  /** Of a key. */
  readonly key: number;
}

/** What is left of a quota. */
export interface QuotaState {
  readonly limit: number;
  readonly remaining: number;
  /** Until the minute ends and all points are back. */
  readonly resetInMs: number;
}

/** Whether points were there, and what is left. When they were not, nothing was taken. */
export interface Spending extends QuotaState {
  readonly isGranted: boolean;
}

/** Who has spent what, shared between processes. */
export interface Quotas {
  spend(caller: Caller, points: number): Promise<Spending>;
  /** Returns what is left without taking anything. */
  look(caller: Caller): Promise<QuotaState>;
  /** How often the database did not answer and a process gave points by itself. */
  readonly failures: () => number;
}

/** A process takes a twentieth of a limit at a time from the shared bucket. */
const SLICES = 20;
const WINDOW_MS = 60_000;
const MOST_SUBJECTS = 50_000;

/** The part of a subject's points that this process holds until `endsAt`. */
interface Slice {
  left: number;
  taken: number;
  windowStart: EpochMs | undefined;
  endsAt: number;
  /** The shared bucket gave less than was asked for: there is nothing more until the window ends. */
  isDry: boolean;
  leasing: Promise<void> | undefined;
}

/**
 * Returns quotas over the shared buckets. Every point is taken from the bucket before it is spent, so all processes together never grant more
 * than the limit in a window; up to one slice a process may be left over in it. While the database does not answer, each process grants up to
 * the limit by itself, a minute at a time.
 */
export function createQuotas(options: { store: QuotaStore; limits: QuotaLimits; logger: Logger }): Quotas {
  const { store, limits, logger } = options;
  const slices = new Map<string, Slice>();
  let failed = 0;

  function sliceOf(subject: string): Slice {
    const now = performance.now();
    const known = slices.get(subject);
    if (known && (known.endsAt > now || known.leasing)) return known;
    if (slices.size >= MOST_SUBJECTS) forgetEnded(now);
    const fresh: Slice = { left: 0, taken: 0, windowStart: undefined, endsAt: now + WINDOW_MS, isDry: false, leasing: undefined };
    slices.set(subject, fresh);
    return fresh;
  }

  function forgetEnded(now: number): void {
    for (const [subject, { endsAt }] of slices) if (endsAt <= now) slices.delete(subject);
    // Still too many: the oldest goes, and takes its slice anew when it comes back.
    for (const subject of slices.keys()) {
      if (slices.size < MOST_SUBJECTS) break;
      slices.delete(subject);
    }
  }

  async function lease(subject: string, slice: Slice, points: number, limit: number): Promise<void> {
    const wanted = Math.max(points - slice.left, Math.ceil(limit / SLICES));
    try {
      const { granted, taken, windowStart, resetInMs } = await store.lease(subject, wanted, limit);
      const left = (windowStart === slice.windowStart ? slice.left : 0) + granted;
      Object.assign(slice, { left, taken, windowStart, endsAt: performance.now() + resetInMs, isDry: granted < wanted });
    } catch (cause) {
      failed += 1;
      logger.warn({ err: cause }, 'the shared quota does not answer; this process grants by itself for a minute');
      Object.assign(slice, { left: limit, taken: limit, endsAt: performance.now() + WINDOW_MS, isDry: true });
    }
  }

  async function spendOne(subject: string, points: number, limit: number): Promise<Spending> {
    for (;;) {
      const slice = sliceOf(subject);
      if (slice.left >= points) {
        slice.left -= points;
        return { ...stateOf(slice, limit), isGranted: true };
      }
      if (slice.isDry) return { ...stateOf(slice, limit), isGranted: false };
      slice.leasing ??= lease(subject, slice, points, limit).finally(() => {
        slice.leasing = undefined;
      });
      await slice.leasing;
    }
  }

  function giveBack(subject: string, points: number): void {
    sliceOf(subject).left += points;
  }

  return {
    async spend(caller, points) {
      const wanted = subjectsOf(caller, limits);
      const done: (Spending & { subject: string })[] = [];
      for (const { subject, limit } of wanted) {
        const spending = await spendOne(subject, points, limit);
        if (!spending.isGranted) {
          for (const { subject: other } of done) giveBack(other, points);
          return spending;
        }
        done.push({ ...spending, subject });
      }
      return done.reduce((least, one) => (one.remaining < least.remaining ? one : least));
    },
    async look(caller) {
      const states = await Promise.all(subjectsOf(caller, limits).map(({ subject, limit }) => spendOne(subject, 0, limit)));
      return states.reduce((least, one) => (one.remaining < least.remaining ? one : least));
    },
    failures: () => failed,
  };
}

/** A key spends its own points; a visitor those of the workspace and of the address, so that new workspaces bring nothing. */
function subjectsOf({ key, workspaceId, address }: Caller, limits: QuotaLimits): { subject: string; limit: number }[] {
  if (key) return [{ subject: `key:${key.id}`, limit: limits.key }];
  const place = { subject: `address:${address}`, limit: limits.public };
  return workspaceId === undefined ? [place] : [{ subject: `workspace:${workspaceId}`, limit: limits.public }, place];
}

function stateOf({ left, taken, endsAt }: Slice, limit: number): QuotaState {
  return {
    limit,
    remaining: Math.min(limit, Math.max(0, limit - taken) + left),
    resetInMs: Math.max(0, Math.ceil(endsAt - performance.now())),
  };
}
