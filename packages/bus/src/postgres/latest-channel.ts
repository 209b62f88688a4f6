import type { LatestChannel, LatestUpdate } from '@candlecast/domain';
import pg from 'pg';
import { createLatestMailbox, type LatestMailbox, latestKey } from '../latest-mailbox.ts';
import { type BusLog, listenForever } from './listener.ts';
import { packPayloads } from './pack-payloads.ts';

const CHANNEL = 'candlecast_latest';

/**
 * Returns a channel over PostgreSQL's NOTIFY, between processes. Updates are joined into payloads and sent with one statement in
 * flight: while it runs, newer values replace older ones (measured: batched payloads carry ten times what single ones do).
 * While the database is away the newest values wait; an update over the payload limit is logged and dropped.
 */
export function createPostgresLatestChannel({ url, log = () => undefined }: { url: string; log?: BusLog }): LatestChannel {
  const closing = new AbortController();
  const mailboxes = new Set<LatestMailbox>();
  const outbox = new Map<string, LatestUpdate>();
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'publish latest', keepAlive: true });
  pool.on('error', (cause) => log('an idle publishing connection failed', cause));
  let isSending = false;
  let listening: Promise<void> | undefined;

  async function send(): Promise<void> {
    if (isSending) return;
    isSending = true;
    try {
      while (outbox.size > 0 && !closing.signal.aborted) {
        const batch = [...outbox.values()];
        outbox.clear();
        const { payloads, refused } = packPayloads(batch);
        for (const update of refused) log(`update ${latestKey(update)} is larger than a notification may be, dropped`);
        await pool.query('select pg_notify($1, payload) from unnest($2::text[]) payload', [CHANNEL, payloads]);
      }
    } catch (cause) {
      log('publishing latest values failed, newer ones follow', cause);
    } finally {
      isSending = false;
    }
  }

  function receive(payload: string): void {
    for (const line of payload.split('\n')) {
      const update = JSON.parse(line) as LatestUpdate;
      for (const mailbox of mailboxes) mailbox.put(update);
    }
  }

  return {
    publish(update) {
      if (closing.signal.aborted) return;
      outbox.set(latestKey(update), update);
      void send();
    },
    subscribe(topics, signal) {
      const mailbox = createLatestMailbox(topics);
      mailboxes.add(mailbox);
      listening ??= listenForever({ url, channel: CHANNEL, onNotify: receive, onListening: () => undefined, signal: closing.signal, log });
      const ended = AbortSignal.any([signal, closing.signal]);
      ended.addEventListener('abort', () => mailboxes.delete(mailbox), { once: true });
      return mailbox.read(ended);
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await listening;
      await pool.end();
    },
  };
}
