import { DATABASE_BACKOFF, jitteredDelayMs } from '@candlecast/domain';
import pg from 'pg';
import { pause } from '../pause.ts';

/** Told about everything that a lost connection makes one miss or fear. */
export type BusLog = (message: string, cause?: unknown) => void;

export interface ListenerOptions {
  readonly url: string;
  readonly channel: string;
  readonly onNotify: (payload: string) => void;
  /** Called after every (re)connect: notifications sent before it were missed. */
  readonly onListening: () => void;
  readonly signal: AbortSignal;
  readonly log: BusLog;
}

const ANSWER_TIMEOUT_MS = 5_000;
const HEARTBEAT_MS = 10_000;

/** Listens on a channel over a connection of its own, and connects again for ever with full jitter. Ends when `signal` aborts. */
export async function listenForever(options: ListenerOptions): Promise<void> {
  for (let attempt = 0; !options.signal.aborted; attempt++) {
    try {
      await listenOnce(options, () => {
        attempt = 0;
      });
    } catch (cause) {
      options.log(`listening on "${options.channel}" ended, connecting again`, cause);
    }
    await pause(jitteredDelayMs(attempt, DATABASE_BACKOFF, Math.random()), options.signal);
  }
}

/** Listens until the connection ends; throws when it ends with an error. */
async function listenOnce(options: ListenerOptions, onListening: () => void): Promise<void> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: `listen ${options.channel}`,
    keepAlive: true,
    connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  const ended = new Promise<void>((resolve, reject) => {
    client.on('error', reject);
    client.on('end', resolve);
    options.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  ended.catch(() => undefined); // awaited below; it must not count as unhandled while connecting
  client.on('notification', ({ payload }) => options.onNotify(payload ?? ''));
  try {
    await client.connect();
    await client.query(`listen ${pg.escapeIdentifier(options.channel)}`);
    onListening();
    options.onListening();
    await Promise.race([ended, keepAsking(client, options.signal)]);
  } finally {
    // Not awaited: a server that is gone never says good-bye.
    client.end().catch((cause: unknown) => options.log('closing a listening connection failed', cause));
  }
}

/** Throws when the server no longer answers although the connection stands; ends when `signal` aborts. */
async function keepAsking(client: pg.Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(HEARTBEAT_MS, signal);
    if (!signal.aborted) await client.query('select 1');
  }
}
