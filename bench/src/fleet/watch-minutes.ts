import { setTimeout as delay } from 'node:timers/promises';
import { type EpochMs, floorToInterval, MINUTE_MS, systemClock, toIso } from '@candlecast/domain';
import type { TierServer } from '../measure/tier-servers.ts';

/** How the closes of one minute came into the store. */
export interface MinuteEnd {
  readonly closes: number;
  readonly commits: number;
  /** From the first commit to the last. */
  readonly spanMs: number;
  /** From the minute's end to the moment at which the log was seen to hold all of them. */
  readonly lastAfterMs: number;
}

const CAP_MS = 50_000;

/** Watches the ends of the next `count` minutes of a simulator that runs on this machine's time. */
export async function watchMinutes({ sessions }: TierServer['database'], pairs: number, count: number): Promise<MinuteEnd[]> {
  const ends: MinuteEnd[] = [];
  for (let end = floorToInterval(systemClock.now(), '1m') + MINUTE_MS; ends.length < count; end += MINUTE_MS) {
    await delay(end - systemClock.now());
    ends.push(await watchEnd((end - MINUTE_MS) as EpochMs, end));
  }
  return ends;

  async function watchEnd(openTime: EpochMs, end: number): Promise<MinuteEnd> {
    for (;;) {
      const [row] = await sessions.run<{ closes: number; commits: number; spanMs: number }>(
        {
          name: 'bench-minute-end',
          text: `select count(*)::integer as closes, count(distinct known_at)::integer as commits,
              coalesce(extract(epoch from max(known_at) - min(known_at)) * 1000, 0)::float8 as "spanMs"
            from candle_1m where open_time = $1::timestamptz`,
        },
        [toIso(openTime)],
      );
      const lastAfterMs = systemClock.now() - end;
      if (row && (row.closes >= pairs || lastAfterMs > CAP_MS)) return { ...row, lastAfterMs };
      await delay(100);
    }
  }
}
