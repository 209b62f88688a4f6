// pg, not Prisma: `saved_at` is the database's own clock, which Prisma cannot write in an update.
import { toIso, type VenueClock } from '@candlecast/domain';
import type { Session } from './session.ts';

const SAVE = {
  name: 'clock-save',
  text: `
    insert into venue_clock (venue, wall_time, anchor_time, speed) values ($1, $2::timestamptz, $3::timestamptz, $4::double precision)
    on conflict (venue) do update
    set wall_time = excluded.wall_time, anchor_time = excluded.anchor_time, speed = excluded.speed, saved_at = excluded.saved_at`,
};

/** Stores how a venue's time runs. */
export async function saveClockRow(session: Pick<Session, 'run'>, clock: VenueClock): Promise<void> {
  await session.run(SAVE, [clock.venue, toIso(clock.wallTime), toIso(clock.anchorTime), clock.speed]);
}
