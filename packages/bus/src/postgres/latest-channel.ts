import { DATABASE_BACKOFF, jitteredDelayMs, type LatestChannel, type LatestUpdate } from '@candlecast/domain';
import pg from 'pg';
import { createLatestMailbox, joinUpdates, type LatestMailbox, latestKey, putLatest } from '../latest-mailbox.ts';
import { pause } from '../pause.ts';
import { type BusLog, listenForever } from './listener.ts';
import { packPayloads } from './pack-payloads.ts';

const CHANNEL = 'candlecast_latest';
/** Wishes go the other way: whoever listens for them alone does not have to read everything that it publishes itself. */
const WISHES = 'candlecast_wishes';

/**
 * Returns a channel over PostgreSQL's NOTIFY, between processes. Updates are joined into payloads and sent with one statement in
 * flight: while it runs, newer values replace older ones (measured: batched payloads carry ten times what single ones do).
 * While the database is away the newest values wait; an update over the payload limit is logged and dropped.
 */
export function createPostgresLatestChannel({ url, log = () => undefined }: { url: string; log?: BusLog }): LatestChannel {
  const closing = new AbortController();
  const mailboxes = new Set<LatestMailbox>();
  const outbox = new Map<string, LatestUpdate>();
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    application_name: 'publish latest',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  pool.on('error', (cause) => log('an idle publishing connection failed', cause));
  let sending: Promise<void> | undefined;
  const listening = new Map<string, Promise<void>>();

  async function send(): Promise<void> {
    for (let attempt = 0; outbox.size > 0 && !closing.signal.aborted; ) {
      const batch = [...outbox.values()];
      outbox.clear();
      const [values, wishes] = [packPayloads(batch.filter(isValue)), packPayloads(batch.filter((update) => !isValue(update)))];
      const refused = [...values.refused, ...wishes.refused];
      const payloads = [...values.payloads, ...wishes.payloads];
      const channels = payloads.map((_, index) => (index < values.payloads.length ? CHANNEL : WISHES));
      for (const update of refused) log(`update ${latestKey(update)} is larger than a notification may be, dropped`);
      try {
        await pool.query('select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as n (channel, payload)', [
          channels,
          payloads,
        ]);
        attempt = 0;
      } catch (cause) {
        log('publishing latest values failed, trying again', cause);
        putBack(batch.filter((update) => !refused.includes(update)));
        await pause(jitteredDelayMs(attempt++, DATABASE_BACKOFF, Math.random()), closing.signal);
      }
    }
    sending = undefined;
  }

  /** What is the newest of its key by now stays the newest. */
  function putBack(batch: readonly LatestUpdate[]): void {
    for (const update of batch) {
      const later = outbox.get(latestKey(update));
      outbox.set(latestKey(update), later ? joinUpdates(update, later) : update);
    }
  }

  function listen(channel: string): void {
    if (listening.has(channel)) return;
    const options = { url, channel, onNotify: receive, onListening: () => undefined, signal: closing.signal, log };
    listening.set(channel, listenForever(options));
  }

  function receive(payload: string): void {
    for (const line of payload.split('\n')) {
      const update = parseUpdate(line);
      if (!update) log(`a notification is no update: ${line.slice(0, 100)}`);
      else for (const mailbox of mailboxes) mailbox.put(update);
    }
  }

  return {
    publish(update) {
      if (closing.signal.aborted) return;
      putLatest(outbox, update);
      sending ??= send();
    },
    subscribe(topics, signal) {
      const mailbox = createLatestMailbox(topics);
      mailboxes.add(mailbox);
      if (topics.includes('depth.wanted')) listen(WISHES);
      if (topics.some((topic) => topic !== 'depth.wanted')) listen(CHANNEL);
      const ended = AbortSignal.any([signal, closing.signal]);
      ended.addEventListener('abort', () => mailboxes.delete(mailbox), { once: true });
      return mailbox.read(ended);
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await Promise.all([...listening.values(), sending]);
      await pool.end();
    },
  };
}

function isValue({ topic }: LatestUpdate): boolean {
  return topic !== 'depth.wanted';
}

/** Anybody may notify on a channel: what is not ours must not end the process. */
function parseUpdate(line: string): LatestUpdate | undefined {
  try {
    const update: Partial<LatestUpdate> | null = JSON.parse(line);
    return typeof update?.topic === 'string' && typeof update.key === 'string' && update.value ? (update as LatestUpdate) : undefined;
  } catch {
    return undefined; // not JSON
  }
}
