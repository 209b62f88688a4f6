import { randomUUID } from 'node:crypto';
import { AppError, type DeskLease, type LogDesk } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';

/** What is done under a lease, by one process of all. */
export interface DeskWork {
  readonly desk: LogDesk;
  /** What the process does that has the lease, for the log: "delivers webhooks". */
  readonly task: string;
  /** Between two tries to get the lease, and the longest rest, in milliseconds. */
  readonly lookMs: number;
  /** How long the lease holds once this process says nothing more, in milliseconds. */
  readonly leaseMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Told at every renewal whether this process has the lease. */
  onTurn(isMine: boolean): void;
  /**
   * Does what is due and resolves with how long there is nothing to do, in milliseconds. A lease that was taken anew is another object: then where
   * to go on is what it says. After a failure it is always taken anew.
   */
  work(lease: DeskLease): Promise<number>;
  /** Waits for what is under way, before the lease is given back. */
  finish?(): Promise<void>;
}

/** A desk that is worked at. */
export interface Desk {
  readonly done: Promise<void>;
  /** Ends the rest: there is something to do. */
  ring(): void;
}

/**
 * Works while this process has the lease, and waits for it while another one has it: so all gateways run this and one works. Ends with `signal`:
 * the lease is free at once then.
 */
export function runDesk(options: DeskWork): Desk {
  const { desk, task, lookMs, leaseMs, logger, signal } = options;
  const holder = randomUUID();
  let ring: (() => void) | undefined;
  let isRung = false;
  let lease: DeskLease | undefined;
  let renewAt = 0;
  let hasFailed = false;

  async function renew(): Promise<void> {
    const taken = await desk.takeLease(holder, leaseMs);
    renewAt = performance.now() + leaseMs / 4;
    options.onTurn(taken !== undefined);
    if (taken?.token === lease?.token) return;
    lease = taken;
    if (taken) logger.info({ token: taken.token }, `this process ${task}`);
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        isRung = false;
        if (!lease || performance.now() >= renewAt) await renew();
        const restMs = lease ? await options.work(lease) : lookMs;
        hasFailed = false;
        await rest(Math.max(0, Math.min(lookMs, restMs)));
      } catch (cause) {
        lease = undefined; // whatever happened, where to go on is what the database says
        const isLost = cause instanceof AppError && cause.code === 'lease_lost';
        if (!hasFailed && !signal.aborted) logger.warn({ err: cause, task }, isLost ? `another process ${task}` : 'work at a desk failed');
        hasFailed = true;
        await rest(lookMs);
      }
    }
    options.onTurn(false);
    await options.finish?.();
    if (!lease) return;
    await desk.dropLease(lease.token).catch((cause: unknown) => logger.warn({ err: cause, task }, 'a lease ends by itself'));
  }

  /** Waits for so long, for a ring, or for the end. */
  function rest(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        ring = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      ring = wake;
      if (signal.aborted || isRung) wake();
      else signal.addEventListener('abort', wake, { once: true });
    });
  }

  return {
    done: run(),
    ring() {
      isRung = true;
      ring?.();
    },
  };
}
