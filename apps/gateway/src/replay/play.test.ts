import { type EpochMs, toEpochMs } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playKnown } from './play.ts';
import { createReplayClock } from './replay-clock.ts';
import { comparePlaces, LAST_KEY, type ReplayPlace } from './replay-cursor.ts';

const WALL = 1_700_000_000_000;
const FROM = toEpochMs(1_000_000);

interface Said {
  readonly what: 'entry' | 'heartbeat' | 'update';
  readonly time: EpochMs;
  readonly key: string;
  /** The replay's time when it was said. */
  readonly at: EpochMs;
}

/** Plays entries to the end on a machine whose time passes only by waiting, and by a reader that now and then is slow. */
async function playAll(options: {
  readonly entries: readonly ReplayPlace[];
  readonly speed: number;
  readonly presentAfterMs: number;
  readonly pageSize: number;
  readonly aheadMs: number;
  readonly slowness: readonly number[];
}) {
  const wall = new FakeClock(WALL);
  const sorted = [...options.entries].sort(comparePlaces);
  const present = toEpochMs(FROM + options.presentAfterMs);
  const pace = { replayFrom: FROM, speed: options.speed, anchoredAt: toEpochMs(WALL) };
  const clock = createReplayClock(pace, wall);
  const said: Said[] = [];
  let most = 0;
  const stream = playKnown<ReplayPlace, Said>({
    clock,
    present: async () => present,
    start: { time: FROM, key: LAST_KEY },
    async readPage(after, until) {
      const found = sorted.filter((entry) => comparePlaces(entry, after) > 0 && entry.time <= until);
      most = Math.max(most, until - clock.now());
      return { entries: found.slice(0, options.pageSize), isWhole: found.length <= options.pageSize };
    },
    aheadMs: options.aheadMs,
    play: (entry) => [{ what: 'entry', ...entry, at: clock.now() }],
    updates: { updateMs: 250, take: async (now) => [{ what: 'update', time: now, key: '', at: clock.now() }] },
    heartbeat: (now) => ({ what: 'heartbeat', time: now, key: '', at: clock.now() }),
    heartbeatMs: 15_000,
    signal: new AbortController().signal,
    elapsed: () => wall.now(),
    wait: async (ms) => wall.advance(Math.max(1, Math.ceil(ms))),
  });
  let n = 0;
  for await (const each of stream) {
    said.push(each);
    wall.advance(options.slowness[n++ % options.slowness.length] ?? 0);
  }
  return { said, sorted, most, present };
}

const entriesOf = fc.uniqueArray(
  fc.record({
    time: fc.integer({ min: -5_000, max: 1_900_000 }).map((ms) => toEpochMs(FROM + ms)),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { maxLength: 60, selector: ({ time, key }) => `${time} ${key}` },
);
const runs = fc.record({
  entries: entriesOf,
  speed: fc.constantFrom(1, 7.5, 60, 3_600),
  presentAfterMs: fc.integer({ min: 1, max: 2_000_000 }),
  pageSize: fc.integer({ min: 1, max: 20 }),
  aheadMs: fc.constantFrom(500, 1_000, 60_000, 10_000_000),
  slowness: fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 5 }),
});

describe('playing what became known', () => {
  it('says nothing before its time, everything once and in order, and ends at the present', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const { said, sorted, present, most } = await playAll(run);
        const played = said.filter(({ what }) => what === 'entry');
        for (const { time, at } of said) expect(time).toBeLessThanOrEqual(at);
        expect(played.map(({ time, key }) => ({ time, key }))).toEqual(sorted.filter(({ time }) => time > FROM && time <= present));
        expect(most).toBeLessThanOrEqual(Math.max(run.aheadMs, 0));
      }),
      { numRuns: 80 },
    );
  });

  it('beats once everything up to the beginning was said, and its beat passes nothing that comes later', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (run) => {
        const { said } = await playAll(run);
        for (const [n, beat] of said.entries()) {
          if (beat.what !== 'heartbeat') continue;
          for (const entry of said.slice(n).filter(({ what }) => what === 'entry')) expect(entry.time).toBeGreaterThan(beat.time);
        }
        expect(said.some(({ what }) => what === 'heartbeat')).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('plays at pace: an entry is said as soon as its time has come, when the reader is quick', async () => {
    const entries = [1_000, 59_000, 60_000, 200_000].map((ms) => ({ time: toEpochMs(FROM + ms), key: 'a' }));
    const { said } = await playAll({ entries, speed: 60, presentAfterMs: 300_000, pageSize: 9, aheadMs: 60_000, slowness: [0] });
    const late = said.filter(({ what }) => what === 'entry').map(({ time, at }) => at - time);
    for (const ms of late) expect(ms).toBeLessThanOrEqual(60); // a millisecond of this machine
  });
});
