// pg, not Prisma: a procedure that must be called outside every transaction.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type EpochMs, type TimeRange, toIso } from '@candlecast/domain';
import type { Session, SessionPool } from './session.ts';

const REFRESH = { name: 'candle-refresh', text: 'call candle_refresh($1::timestamptz, $2::timestamptz)' };
const ATTEMPTS = 20;
const PAUSE_MS = 250;

/** Makes every roll-up of `range` equal to its minutes, on all instruments. Waits for a refresh that is under way (TimescaleDB runs one at a time). */
export async function refreshRollups(sessions: SessionPool, range: TimeRange): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sessions.runUntimed(REFRESH, [toIso(range.from), toIso(range.to)]);
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'database_conflict' || attempt === ATTEMPTS) throw cause;
    }
    await delay(PAUSE_MS);
  }
}

const HIDE = { name: 'rollups-hide', text: 'select rollups_hide($1::timestamptz) as "isHidden"' };

/** Tells whether roll-ups may not show a minute of `from` or later that this transaction wrote, until they are refreshed after it. */
export async function hideRollups(session: Session, from: EpochMs): Promise<boolean> {
  const [row] = await session.run<{ isHidden: boolean | null }>(HIDE, [toIso(from)]);
  return row?.isHidden === true;
}
