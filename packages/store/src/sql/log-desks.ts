// pg, not Prisma: the lease runs on the database's clock inside its statements.
import type { DeskLease, LogPosition } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

type Runner = Pick<Session, 'run'>;

/** The one row that says who works through the log for a purpose, and how far. */
export interface DeskRow {
  /** Takes or keeps the lease; undefined while another holder has it. */
  take(session: Runner, holder: string, forMs: number): Promise<DeskLease | undefined>;
  /** Ends the lease, if it is still this one. */
  drop(session: Runner, token: number): Promise<void>;
  /** Moves the place that has been read; false when the lease is another's. Within a transaction. */
  move(session: Runner, token: number, to: LogPosition): Promise<boolean>;
}

/** Returns the row of a desk. */
export function deskRow(table: 'webhook_desk' | 'alert_desk'): DeskRow {
  const take: Statement = {
    name: `${table}-take`,
    text: `
      update ${table} set
        token = token + case when holder = $1 and expires_at > clock_timestamp() then 0 else 1 end,
        holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2::double precision)
      where holder = $1 or expires_at <= clock_timestamp()
      returning token, epoch, seq`,
  };
  const drop: Statement = {
    name: `${table}-drop`,
    text: `update ${table} set expires_at = clock_timestamp(), holder = null where token = $1`,
  };
  const move: Statement = {
    name: `${table}-move`,
    text: `update ${table} set epoch = $2::uuid, seq = $3::bigint where token = $1 and expires_at > clock_timestamp() returning token`,
  };
  return {
    async take(session, holder, forMs) {
      const [row] = await session.run<{ token: number; epoch: string | null; seq: number | null }>(take, [holder, forMs / 1_000]);
      if (!row) return undefined;
      return { token: row.token, position: row.epoch === null || row.seq === null ? undefined : { epoch: row.epoch, seq: row.seq } };
    },
    async drop(session, token) {
      await session.run(drop, [token]);
    },
    async move(session, token, to) {
      return (await session.run(move, [token, to.epoch, to.seq])).length > 0;
    },
  };
}
