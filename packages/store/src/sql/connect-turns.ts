// pg, not Prisma: one statement whose row lock is the queue, on the database's wall time.
import type { Venue } from '@candlecast/domain';
import type { Session } from './session.ts';

/**
 * The exchange allows 300 attempts in five minutes per address. 90 at once and then one every 1.5 s are never more than 290 in any five
 * minutes (the generic cell rate algorithm of ATM, ITU-T I.371).
 */
const BURST = 90;
const EVERY_S = 1.5;
/** Turns are given out so far ahead. More can only stand there when the database's clock was set back. */
const HORIZON_S = 300;

const NOW = 'clock_timestamp()';
const seconds = (count: number) => `make_interval(secs => ${count})`;

const TAKE = {
  name: 'connect-turn-take',
  text: `
    insert into ingest_turn as t (venue, address, taken_until) values ($1, $2, ${NOW} + ${seconds(EVERY_S)})
    on conflict (venue, address) do update
    set taken_until = least(greatest(t.taken_until, ${NOW}) + ${seconds(EVERY_S)}, ${NOW} + ${seconds(HORIZON_S)})
    where t.taken_until <= ${NOW} + ${seconds(HORIZON_S - EVERY_S)} or t.taken_until > ${NOW} + ${seconds(HORIZON_S)}
    returning ceil(greatest(0, date_part('epoch', t.taken_until - ${NOW}) - ${BURST * EVERY_S}) * 1000)::integer as "waitMs"`,
};

/** Takes a turn and returns in how many milliseconds it comes; undefined when all of the next five minutes' are taken. */
export async function takeTurn(session: Pick<Session, 'run'>, venue: Venue, address: string): Promise<number | undefined> {
  const [row] = await session.run<{ waitMs: number }>(TAKE, [venue, address]);
  return row?.waitMs;
}
