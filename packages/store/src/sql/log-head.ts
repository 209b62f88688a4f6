// pg, not Prisma: read in the same snapshot as candles, on the same connection.
import { AppError, type LogPosition } from '@candlecast/domain';
import type { Session } from './session.ts';

const HEAD = { name: 'log-head', text: 'select epoch, seq from event_log_head' };

/** Returns the newest place in the log that this snapshot sees. */
export async function loadLogHead(session: Session): Promise<LogPosition> {
  const [head] = await session.run<LogPosition>(HEAD);
  if (!head) throw new AppError('log_head_missing', 'table event_log_head has no row');
  return head;
}
