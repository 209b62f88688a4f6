import type { ConnectTurns } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { ExchangeClock } from '../exchange.ts';
import { pause } from '../pause.ts';
import { Limiter } from './limiter.ts';

/** What all connections to the exchange's streams share. */
export interface LinkGates {
  /** Lets connection attempts through as often as the exchange allows them to an address. */
  readonly connect: Pick<Limiter, 'schedule'>;
  /** Lets one replacement of a running connection be opened after the other. */
  readonly renew: Pick<Limiter, 'schedule'>;
  /** Uses at most this part (0 to 1) of the attempts: other processes connect from the same address. */
  setShare(share: number): void;
  /** Rejects what waits; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** What gates of one process know of the others. */
export interface LinkGateOptions {
  /** Turns that processes of one address share. Where they do not come in time the process keeps to its own share. */
  readonly findTurns?: (() => ConnectTurns | undefined) | undefined;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * The exchange allows 300 attempts in five minutes per address. A bucket that holds 90 and gains one every 1.5 s never lets more
 * than 290 through in any five minutes.
 */
const CONNECT_BURST = 90;
const CONNECT_EVERY_MS = 1_500;
/** A database that is away must not keep streams away, too. */
const TURN_PATIENCE_MS = 2_000;
const TURN_RETRY_MS = 10_000;
/** The exchange cuts a connection after 24 hours of its time. Connections are renewed at different moments. */
const LINK_LIFE_MS = 23 * 3_600_000;
const LINK_LIFE_JITTER_MS = 1_800_000;

/** Returns gates of one process. */
export function createLinkGates({ findTurns, log }: LinkGateOptions): LinkGates {
  const closing = new AbortController();
  const own = new Limiter({ reservoir: CONNECT_BURST, refill: refillOf(1) });
  const renew = new Limiter({ maxConcurrent: 1 });
  let share = 1;

  /** Waits for this process's turn among those of its address. */
  async function takeTurn(): Promise<void> {
    const turns = findTurns?.();
    while (turns && !closing.signal.aborted) {
      const waitMs = await within(TURN_PATIENCE_MS, turns.take()).catch((cause: unknown) => {
        log.warn({ err: cause }, 'connecting without a turn: the database does not give one');
        return 0;
      });
      await pause(waitMs ?? TURN_RETRY_MS, closing.signal);
      if (waitMs !== undefined) break;
    }
    if (closing.signal.aborted) throw new Error('stopped');
  }

  return {
    connect: {
      schedule: (options, work) =>
        own.schedule(options, async () => {
          await takeTurn();
          return work();
        }),
    },
    renew,
    setShare(newShare) {
      if (share === newShare) return;
      share = newShare;
      own.setRefill(refillOf(share));
    },
    async close() {
      closing.abort();
      await Promise.all([own.stop(), renew.stop()]);
    },
  };
}

/** Returns how many milliseconds of this machine's time a connection may live before it is replaced. */
export function linkLifeMs(clock: Pick<ExchangeClock, 'toWallMs'>): number {
  return clock.toWallMs(LINK_LIFE_MS - Math.random() * LINK_LIFE_JITTER_MS);
}

function refillOf(share: number) {
  return { amount: 1, everyMs: CONNECT_EVERY_MS / share, maximum: Math.max(1, Math.floor(CONNECT_BURST * share)) };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
