import { jitteredDelayMs } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type Bottleneck from 'bottleneck';
import { EXCHANGE_BACKOFF } from '../backoff.ts';
import { pause } from '../pause.ts';
import { type LinkEvents, StreamLink } from './stream-link.ts';

/** What a shard needs: the streams of one connection, kept running for ever. */
export interface ShardOptions {
  /** Address of the combined streams. */
  readonly url: string;
  readonly names: readonly string[];
  /** Shared by all shards: the exchange limits connection attempts per address. */
  readonly connectGate: Bottleneck;
  /** Milliseconds of this machine's time after which a connection is replaced before the exchange cuts it. */
  readonly lifeMs: () => number;
  readonly onData: LinkEvents['onData'];
  readonly onRefused: LinkEvents['onRefused'];
  /** Runs when all streams are verified, and when their connection is gone. Not at a replacement: there nothing is missed. */
  readonly onState: (isUp: boolean, detail: string | null) => void;
  readonly onReconnect: (kind: 'drop' | 'renewal') => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A connection that has lived this long has shown that reconnecting works: the next loss starts with short waits again. */
const STABLE_AFTER_MS = 30_000;
/** How long the old connection runs beside the new one, waiting for a first event on every stream. */
const OVERLAP_MS = 10_000;

/** Keeps one connection's worth of streams running: reconnects for ever, and replaces a connection before it is lost. */
export class StreamShard {
  readonly #options: ShardOptions;
  #askForRenewal: (reason: string) => void = () => undefined;

  constructor(options: ShardOptions) {
    this.#options = options;
  }

  /** Asks for another connection while the present one still runs; without one, or during a replacement, this does nothing. */
  renew(reason: string): void {
    this.#askForRenewal(reason);
  }

  /** Runs until the signal aborts; only one connection is ever being opened at a time. */
  async run(): Promise<void> {
    const { signal, log, onState, onReconnect } = this.#options;
    for (let attempt = 0; !signal.aborted; ) {
      const startedAt = performance.now();
      try {
        let link = await this.#connect();
        onState(true, null);
        for (;;) {
          const end = await this.#untilLostOrDue(link);
          if (signal.aborted) return;
          if (end.isLost) {
            onState(false, end.reason);
            onReconnect('drop');
            log.warn({ reason: end.reason }, 'stream connection lost');
            break;
          }
          link = await this.#replace(link, end.reason);
        }
        if (performance.now() - startedAt >= STABLE_AFTER_MS) attempt = 0;
      } catch (cause) {
        if (!signal.aborted) log.warn({ err: cause, attempt }, 'stream connection failed');
      }
      await pause(jitteredDelayMs(attempt, EXCHANGE_BACKOFF, Math.random()), signal);
      attempt += 1;
    }
  }

  async #connect(): Promise<StreamLink> {
    const { url, names, connectGate, onData, onRefused, signal } = this.#options;
    const events: LinkEvents = { onData, onRefused, onShutdown: () => this.renew('the exchange announced a shutdown') };
    const link = await connectGate.schedule(() => StreamLink.open(url, events, signal));
    try {
      await link.subscribe(names);
      return link;
    } catch (cause) {
      link.close('not all streams could be subscribed');
      throw cause;
    }
  }

  async #untilLostOrDue(link: StreamLink): Promise<{ isLost: boolean; reason: string }> {
    const done = new AbortController();
    const lost = link.closed.then((reason) => ({ isLost: true, reason }));
    const asked = new Promise<{ isLost: boolean; reason: string }>((resolve) => {
      this.#askForRenewal = (reason) => resolve({ isLost: false, reason });
    });
    const due = pause(this.#options.lifeMs(), done.signal).then(() => ({ isLost: false, reason: 'its time is over' }));
    const end = await Promise.race([lost, asked, due]);
    this.#askForRenewal = () => undefined;
    done.abort();
    return end;
  }

  /** Opens another connection beside the old one and drops the old when the new one delivers. The old one may die meanwhile. */
  async #replace(old: StreamLink, reason: string): Promise<StreamLink> {
    const { signal, log, onReconnect, onState } = this.#options;
    for (let attempt = 0; !old.isClosed && !signal.aborted; attempt += 1) {
      try {
        const next = await this.#connect();
        if (old.isClosed) {
          onState(false, 'lost while its successor was being opened');
          onState(true, null);
        }
        await untilHeard(next, old);
        old.close('replaced');
        onReconnect('renewal');
        log.info({ reason }, 'stream connection replaced');
        return next;
      } catch (cause) {
        log.warn({ err: cause, attempt }, 'stream connection could not be replaced yet');
      }
      await Promise.race([old.closed, pause(jitteredDelayMs(attempt, EXCHANGE_BACKOFF, Math.random()), signal)]);
    }
    return old;
  }
}

async function untilHeard(next: StreamLink, old: StreamLink): Promise<void> {
  const deadline = performance.now() + OVERLAP_MS;
  const done = new AbortController();
  void Promise.race([next.closed, old.closed]).then(() => done.abort());
  while (performance.now() < deadline && !done.signal.aborted) {
    if ([...old.heard].every((name) => next.heard.has(name))) return;
    await pause(100, done.signal);
  }
}
