import { randomUUID } from 'node:crypto';
import { type AlertBook, AppError, type DeskLease, type LogEvent } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertWorld, startAlertWorld } from '../testing/alert-world.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { createWatch } from './watch.ts';

const SEEDS = 12;
const MINUTES_A_SEED = 40;
const LEVEL = 1_000;

let world: AlertWorld;
let minute = 0;
beforeAll(async () => {
  world = await startAlertWorld();
});
afterAll(() => world.stop());

/** A database that fails before a pass is stored, or after it without a word of it, as where a process is killed. */
function breakAt(book: AlertBook, random: () => number): AlertBook {
  const die = () => {
    if (random() < 0.25) throw new AppError('killed', 'the process was killed here');
  };
  return {
    ...book,
    async findAlerts() {
      const alerts = await book.findAlerts();
      die();
      return alerts;
    },
    async savePass(token, pass) {
      die();
      const stored = await book.savePass(token, pass);
      die();
      return stored;
    },
  };
}

/** Lets one process after another look until one has come to the end of the log; each dies where `random` says. */
async function lookWithKills(random: () => number): Promise<number> {
  let kills = 0;
  for (;;) {
    const lease = (await world.book.takeLease(randomUUID(), 3_600_000)) as DeskLease;
    const watch = createWatch({ ...world.watchOptions, book: breakAt(world.book, random) });
    const isDone = await watch.look(lease).then(
      (restMs) => restMs > 0,
      (cause: AppError) => {
        expect(cause.code).toBe('killed');
        kills += 1;
        return false;
      },
    );
    await world.book.dropLease(lease.token);
    if (isDone && random() < 0.5) return kills;
  }
}

/** The oracle: what goes through the level, one close after the other. */
function crossingsOf(closes: readonly { minute: number; price: number }[], from: number): string[] {
  return closes.flatMap(({ minute: at, price }, n) => {
    const before = closes[n - 1];
    if (at < from || !before || before.price > LEVEL === price > LEVEL) return [];
    return [`${at + 1} ${price > LEVEL ? 'UP' : 'DOWN'}`];
  });
}

describe('alerts whose process is killed at any step', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
    'lose no firing and double none (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const closes: { minute: number; price: number }[] = [];
      const close = async () => {
        const price = LEVEL + (random() < 0.5 ? -1 : 1) * (1 + Math.floor(random() * 50));
        await world.closeAt(minute, price);
        closes.push({ minute, price });
        minute += 1;
      };
      await close();
      const owner = `workspace:${seed}`;
      const from = minute;
      const id = await world.make('PRICE_LEVEL', { level: `${LEVEL}`, direction: 'EITHER', rearm: '0' }, { owner });
      let kills = 0;
      while (closes.length < MINUTES_A_SEED) {
        for (let burst = 1 + Math.floor(random() * 6); burst > 0; burst -= 1) await close();
        kills += await lookWithKills(random);
      }
      expect(kills).toBeGreaterThan(0);
      const expected = crossingsOf(closes, from);
      expect(expected.length).toBeGreaterThan(3);
      expect((await world.firings(id)).map((firing) => `${firing.minute} ${firing.crossed}`)).toEqual(expected);
      // The log tells the same, once each, in the same order.
      const { log } = world.market;
      const events = await log.read({ after: { ...(await log.head()), seq: 0 }, limit: 5_000, keys: [`alerts/${owner}`] });
      const logged = events as Extract<LogEvent, { topic: 'alert.fired' }>[];
      expect(logged.map(({ payload }) => `${(payload.at - 1_641_168_000_000) / 60_000} ${payload.crossed}`)).toEqual(expected);
      const row = await world.market.database.prisma.alert.findUniqueOrThrow({ where: { id } });
      expect(row.firedCount).toBe(expected.length);
      await world.market.database.prisma.alert.update({ where: { id }, data: { state: 'DONE' } });
    },
    60_000,
  );
});
