import { setTimeout as delay } from 'node:timers/promises';
import { addMs, type EpochMs, floorToInterval, MINUTE_MS, toIso } from '@candlecast/domain';
import { findGaps, findSeries } from '../checks/stored.ts';
import type { World } from '../world/world.ts';

/** A world that takes longer has not recovered. */
export const RECOVERY_CAP_MS = 90_000;
/** Minutes that every series goes on after the last fault before it is looked at. */
const SETTLE_MS = 2 * MINUTE_MS;

/**
 * Waits until every series is live, two minutes beyond now are committed, the streams bring something and no hole is without a
 * verdict. Returns up to where everything is committed, and what is still wrong when it never comes.
 */
export async function untilRecovered(world: World, capMs: number): Promise<{ readonly completeTo: EpochMs; readonly found: string[] }> {
  const wanted = floorToInterval(addMs(world.sim.now(), SETTLE_MS), '1m');
  const chunks = world.streamChunks;
  const deadline = performance.now() + capMs;
  for (;;) {
    const series = await findSeries(world);
    const found = [
      ...(series.length < world.symbols.length ? ['not all pairs are in the store'] : []),
      ...series
        .filter(({ state, watermark }) => state !== 'LIVE' || (watermark ?? 0) < wanted)
        .map(
          ({ symbol, state, reason, watermark }) =>
            `${symbol} is ${state} (${reason}) at ${watermark === null ? 'nothing' : toIso(watermark as EpochMs)}, wanted ${toIso(wanted)}`,
        ),
      ...(world.streamChunks === chunks ? ['the streams bring nothing'] : []),
    ];
    if (found.length === 0) {
      const pending = (await findGaps(world)).filter(({ reason, isResolved }) => reason === 'PENDING' && !isResolved);
      found.push(
        ...pending.map(
          ({ symbol, from, attempts }) => `the hole of ${symbol} at ${toIso(from as EpochMs)} is pending (${attempts} attempts)`,
        ),
      );
    }
    const completeTo = addMs(Math.min(...series.map(({ watermark }) => watermark ?? 0)) as EpochMs, MINUTE_MS);
    if (found.length === 0) return { completeTo, found: [] };
    if (performance.now() > deadline) return { completeTo, found: found.map((fault) => `not recovered: ${fault}`) };
    await delay(40);
  }
}
