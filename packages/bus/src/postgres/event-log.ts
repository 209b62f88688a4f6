import {
  AppError,
  DATABASE_BACKOFF,
  type EpochMs,
  type EventLog,
  jitteredDelayMs,
  type LogEntry,
  type LogEvent,
  type LogPosition,
} from '@candlecast/domain';
import pg from 'pg';
import { type Bell, createBell } from '../bell.ts';
import { pause } from '../pause.ts';
import { type BusLog, listenForever } from './listener.ts';

const CHANNEL = 'candlecast_log';
const PAGE_ROWS = 1_000;
/** No connection, no resources, or the server is stopping: classes of PostgreSQL's error codes. */
const PASSING_STATES = /^(08|53|57)/;

interface LogRow {
  readonly epoch: string;
  readonly seq: string;
  readonly at_ms: string;
  readonly topic: LogEntry['topic'];
  readonly key: string;
  readonly payload: unknown;
}

/**
 * Returns a reader of the durable log. `follow` is woken by NOTIFY and looks by itself every `pollMs`, so a lost wake-up costs time,
 * never an event. It waits while the database is away; it throws `log_epoch_changed` when the log was made anew and `CURSOR_EXPIRED`
 * when the next events have been removed.
 * Reads use SQL directly: a page of 1,000 rows costs a fraction of what the ORM takes.
 */
export function createEventLog(options: { url: string; log?: BusLog; pollMs?: number }): EventLog & { close(): Promise<void> } {
  const { url, log = () => undefined, pollMs = 1_000 } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: 3,
    application_name: 'event log',
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    options: '-c TimeZone=UTC',
  });
  pool.on('error', (cause) => log('an idle log connection failed', cause));
  const closing = new AbortController();
  const bells = new Set<Bell>();
  let listening: Promise<void> | undefined;

  /** A failure that passes by itself, such as no connection in time, is `log_unavailable` and retryable. */
  async function query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return (await pool.query<Row>(text, [...values])).rows;
    } catch (cause) {
      if (cause instanceof pg.DatabaseError && !PASSING_STATES.test(cause.code ?? '')) throw cause;
      throw new AppError('log_unavailable', 'the event log does not answer', { retryable: true, cause });
    }
  }

  async function head(): Promise<LogPosition> {
    const rows = await query<{ epoch: string; seq: string }>('select epoch, seq from event_log_head');
    return toPosition(rows[0]);
  }

  async function oldest(): Promise<LogPosition> {
    const rows = await query<{ epoch: string; seq: string }>(
      `select h.epoch, coalesce((select l.seq - 1 from event_log l where l.epoch = h.epoch order by l.seq limit 1), h.seq) as seq
       from event_log_head h`,
    );
    return toPosition(rows[0]);
  }

  const read: EventLog['read'] = async ({ after, limit, topics, keys }) => {
    const rows = await query<LogRow>(
      `select epoch, seq, (date_part('epoch', at) * 1000)::bigint as at_ms, topic, key, payload
       from event_log
       where epoch = $1 and seq > $2 and ($3::text[] is null or topic = any ($3)) and ($4::text[] is null or key = any ($4))
       order by seq limit $5`,
      [after.epoch, after.seq, topics ?? null, keys ?? null, limit],
    );
    return rows.map(toEvent);
  };

  async function* follow(after: LogPosition, signal: AbortSignal): AsyncIterable<LogEvent> {
    const ended = AbortSignal.any([signal, closing.signal]);
    const bell = createBell();
    bells.add(bell);
    const ringAll = () => {
      for (const each of bells) each.ring();
    };
    listening ??= listenForever({ url, channel: CHANNEL, onNotify: ringAll, onListening: ringAll, signal: closing.signal, log });
    try {
      let position = after;
      for (let attempt = 0; !ended.aborted; ) {
        const page = await readPage(position).catch((cause: unknown) => {
          if (cause instanceof AppError && !cause.retryable) throw cause;
          log('reading the log failed, trying again', cause);
          return undefined;
        });
        if (page === undefined) {
          await pause(jitteredDelayMs(attempt++, DATABASE_BACKOFF, Math.random()), ended);
          continue;
        }
        attempt = 0;
        for (const event of page) {
          if (ended.aborted) return;
          position = event;
          yield event;
        }
        if (page.length < PAGE_ROWS) await bell.wait(pollMs, ended);
      }
    } finally {
      bells.delete(bell);
    }
  }

  /** Positions have no holes, so a page that does not go on right after `after` tells that events are gone. */
  async function readPage(after: LogPosition): Promise<LogEvent[]> {
    const page = await read({ after, limit: PAGE_ROWS });
    if (page[0]?.seq === after.seq + 1) return page;
    const { epoch, seq } = await oldest();
    if (epoch !== after.epoch) throw new AppError('log_epoch_changed', `the log's epoch is "${epoch}", not "${after.epoch}"`);
    if (after.seq < seq) throw new AppError('CURSOR_EXPIRED', `the log begins after ${seq}; ${after.seq} cannot be followed`);
    return [];
  }

  return {
    head,
    oldest,
    read,
    follow,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await listening;
      await pool.end();
    },
  };
}

function toPosition(row: { epoch: string; seq: string } | undefined): LogPosition {
  if (!row) throw new AppError('log_head_missing', 'the table event_log_head has no row');
  return { epoch: row.epoch, seq: Number.parseInt(row.seq, 10) };
}

function toEvent({ epoch, seq, at_ms, topic, key, payload }: LogRow): LogEvent {
  return { epoch, seq: Number.parseInt(seq, 10), at: Number.parseInt(at_ms, 10) as EpochMs, topic, key, payload } as LogEvent;
}
