import type { EpochMs } from '@candlecast/domain';
import { differingFields, findRelation } from '../../faults/checks/published.ts';
import { idOf, type World } from '../../faults/world/world.ts';
import type { StreamRecord } from '../clients/stream-record.ts';

/** Compares what a subscriber's snapshots and events add up to with the stored candles. Returns what is wrong. The log must stand still. */
export async function compareShown(world: World, name: string, { plan, shown, shownFrom }: StreamRecord): Promise<string[]> {
  const found: string[] = [];
  for (const [symbol, candles] of shown) {
    const from = Date.parse(shownFrom.get(symbol) ?? '');
    if (Number.isNaN(from)) continue;
    const relation = await findRelation(world, plan.interval, { from: from as EpochMs, to: (world.sim.now() + 86_400_000) as EpochMs });
    const stored = new Map(
      relation
        .filter(({ key, isClosed }) => isClosed && key === `${symbol}@${plan.interval}`)
        .map((row) => [new Date(row.openTime).toISOString(), row]),
    );
    for (const [openTime, candle] of candles) {
      const row = stored.get(openTime);
      stored.delete(openTime);
      const differing = row ? differingFields(candle as never, row) : undefined;
      if (differing === undefined) found.push(`shows ${symbol} ${openTime}, which is not stored`);
      else if (differing.length > 0) found.push(`shows ${symbol} ${openTime} with other values: ${JSON.stringify(differing)}`);
    }
    for (const openTime of stored.keys()) found.push(`does not show ${symbol} ${openTime}`);
  }
  if (plan.snapshot > 0 && shown.size !== plan.symbols.length) found.push(`has ${shown.size} snapshots of ${plan.symbols.map(idOf)}`);
  return found.slice(0, 5).map((fault) => `${name} (${plan.interval}): ${fault}`);
}
