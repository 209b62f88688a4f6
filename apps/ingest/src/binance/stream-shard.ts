import { jitteredDelayMs } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { EXCHANGE_BACKOFF } from '../backoff.ts';
import { pause } from '../pause.ts';
import { stopped } from '../retry.ts';
import { WakeUp } from '../wake-up.ts';
import type { LinkGates } from './link-gates.ts';
import { type LinkEvents, StreamLink } from './stream-link.ts';

/** What a shard needs: the streams of one connection, kept running for ever. */
export interface ShardOptions {
  /** Address of the combined streams. */
  readonly url: string;
  readonly gates: LinkGates;
  /** Milliseconds of this machine's time after which a connection is replaced before the exchange cuts it. */
  readonly lifeMs: () => number;
  /** Milliseconds of this machine's time between two looks at what the exchange says is subscribed; about two minutes by default. */
  readonly verifyEveryMs?: () => number;
  readonly onData: LinkEvents['onData'];
  readonly onRefused: LinkEvents['onRefused'];
  /** Hears of streams that run from now on: the exchange lists them. Not at a replacement: there nothing is missed. */
  readonly onUp: (names: readonly string[]) => void;
  /** Hears of streams whose connection is gone. */
  readonly onDown: (names: readonly string[], reason: string) => void;
  readonly onReconnect: (kind: 'drop' | 'renewal') => void;
  /** Hears how many streams the exchange had forgotten on a running connection; they are subscribed again. */
  readonly onForgotten: (count: number) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A connection that has lived this long has shown that reconnecting works: the next loss starts with short waits again. */
const STABLE_AFTER_MS = 30_000;
/** How long the old connection runs beside the new one, waiting for a first event on every stream. */
const OVERLAP_MS = 10_000;
const VERIFY_EVERY_MS = 120_000;

/**
 * Keeps one connection's worth of streams running: reconnects for ever, replaces a connection before it is lost, and keeps what is
 * subscribed equal to what is wanted, which may change at any time.
 */
export class StreamShard {
  readonly #options: ShardOptions;
  readonly #signal: AbortSignal;
  readonly #own = new AbortController();
  readonly #wakeUp = new WakeUp();
  readonly #wanted = new Set<string>();
  #running = new Set<string>();
  #hasChanged = false;
  #link: StreamLink | undefined;
  #renewal: { readonly link: StreamLink; readonly reason: string } | undefined;

  constructor(options: ShardOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#own.signal]);
  }

  /** Adds streams; on a running connection they are subscribed beside the others. */
  want(names: readonly string[]): void {
    for (const name of names) this.#wanted.add(name);
    this.#noteChange();
  }

  /** Gives streams up; nothing more is told about them. */
  unwant(names: readonly string[]): void {
    for (const name of names) {
      this.#wanted.delete(name);
      this.#running.delete(name);
    }
    this.#noteChange();
  }

  /** Asks for another connection while the present one still runs; without one, or during a replacement, this does nothing. */
  renew(reason: string): void {
    if (this.#link) this.#askForRenewal(this.#link, reason);
  }

  /** Ends the shard for good; `run` returns. */
  close(): void {
    this.#own.abort();
  }

  /** Runs until the signal aborts or the shard is closed; only one connection is ever being opened at a time. */
  async run(): Promise<void> {
    const { log, onDown, onReconnect } = this.#options;
    for (let attempt = 0; !this.#signal.aborted; attempt += 1) {
      const startedAt = performance.now();
      try {
        this.#link = await this.#connect();
        this.#noteRunning();
        const reason = await this.#keep();
        if (this.#signal.aborted) return;
        onDown([...this.#running], reason);
        onReconnect('drop');
        log.warn({ reason }, 'stream connection lost');
        if (performance.now() - startedAt >= STABLE_AFTER_MS) attempt = 0;
      } catch (cause) {
        if (!this.#signal.aborted) log.warn({ err: cause, attempt }, 'stream connection failed');
      }
      this.#link = undefined;
      this.#running = new Set();
      await pause(jitteredDelayMs(attempt, EXCHANGE_BACKOFF, Math.random()), this.#signal);
    }
  }

  /** Keeps the connection and its successors until one is lost, and returns why. */
  async #keep(): Promise<string> {
    const { lifeMs, verifyEveryMs = usualVerifyMs } = this.#options;
    let dueAt = performance.now() + lifeMs();
    let verifyAt = performance.now() + verifyEveryMs();
    for (let link = this.#link; link && !this.#signal.aborted; link = this.#link) {
      const now = performance.now();
      if (link.isClosed) return link.closed;
      if (this.#renewal?.link === link || now >= dueAt) {
        await this.#replace(link, this.#renewal?.reason ?? 'its time is over');
        dueAt = performance.now() + lifeMs();
      } else if (this.#hasChanged || now >= verifyAt) {
        await this.#verify(link);
        verifyAt = performance.now() + verifyEveryMs();
      } else {
        await this.#wakeUp.wait(Math.min(dueAt, verifyAt) - now, this.#signal);
      }
    }
    return 'stopped';
  }

  /** A connection that cannot be brought to what is wanted is given up: the next one may. */
  async #verify(link: StreamLink): Promise<void> {
    try {
      this.#hasChanged = false;
      const forgotten = await link.subscribe([...this.#wanted]);
      if (forgotten > 0) this.#options.onForgotten(forgotten);
      this.#noteRunning();
    } catch (cause) {
      link.close(cause instanceof Error ? cause.message : String(cause));
      await link.closed;
    }
  }

  async #connect(): Promise<StreamLink> {
    const { url, gates, onData, onRefused } = this.#options;
    let opened: StreamLink | undefined;
    const onShutdown = () => {
      if (opened) this.#askForRenewal(opened, 'the exchange announced a shutdown');
    };
    const open = () => StreamLink.open(url, { onData, onRefused, onShutdown }, this.#signal);
    const link = await this.#unlessStopped(gates.connect.schedule({}, open));
    opened = link;
    void link.closed.then(() => this.#wakeUp.notify());
    try {
      this.#hasChanged = false;
      await link.subscribe([...this.#wanted]);
      return link;
    } catch (cause) {
      link.close('not all streams could be subscribed');
      throw cause;
    }
  }

  /** Opens another connection beside the old one and drops the old when the new one delivers. The old one may die meanwhile. */
  async #replace(old: StreamLink, reason: string): Promise<void> {
    const { log, gates, onReconnect, onDown } = this.#options;
    for (let attempt = 0; !old.isClosed && !this.#signal.aborted; attempt += 1) {
      try {
        const next = await this.#unlessStopped(gates.renew.schedule({}, () => this.#connect()));
        if (old.isClosed) {
          onDown([...this.#running], 'lost while its successor was being opened');
          this.#running = new Set();
        }
        this.#link = next;
        this.#noteRunning();
        await untilHeard(next, old);
        old.close('replaced');
        onReconnect('renewal');
        log.info({ reason }, 'stream connection replaced');
        return;
      } catch (cause) {
        log.warn({ err: cause, attempt }, 'stream connection could not be replaced yet');
      }
      await Promise.race([old.closed, pause(jitteredDelayMs(attempt, EXCHANGE_BACKOFF, Math.random()), this.#signal)]);
    }
  }

  /** What was wanted when the connection was verified runs; what has been added since is on its way. */
  #noteRunning(): void {
    const names = [...this.#wanted].filter((name) => this.#link?.lists(name));
    const news = names.filter((name) => !this.#running.has(name));
    this.#running = new Set(names);
    if (news.length > 0) this.#options.onUp(news);
  }

  /** Whoever is stopped does not wait for its turn; when that comes it finds itself stopped. */
  async #unlessStopped<T>(work: Promise<T>): Promise<T> {
    const stop = new AbortController();
    const isStopped = pause(Number.POSITIVE_INFINITY, AbortSignal.any([this.#signal, stop.signal])).then(() => {
      throw stopped();
    });
    isStopped.catch(() => undefined);
    try {
      return await Promise.race([work, isStopped]);
    } finally {
      stop.abort();
      work.catch(() => undefined);
    }
  }

  #noteChange(): void {
    this.#hasChanged = true;
    this.#wakeUp.notify();
  }

  #askForRenewal(link: StreamLink, reason: string): void {
    this.#renewal = { link, reason };
    this.#wakeUp.notify();
  }
}

function usualVerifyMs(): number {
  return VERIFY_EVERY_MS * (0.8 + 0.4 * Math.random());
}

async function untilHeard(next: StreamLink, old: StreamLink): Promise<void> {
  const deadline = performance.now() + OVERLAP_MS;
  const done = new AbortController();
  void Promise.race([next.closed, old.closed]).then(() => done.abort());
  while (performance.now() < deadline && !done.signal.aborted) {
    if ([...old.heard].every((name) => next.heard.has(name) || !next.lists(name))) return;
    await pause(100, done.signal);
  }
}
