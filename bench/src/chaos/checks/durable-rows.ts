import type { CandleValues } from '@candlecast/domain';
import type { World } from '../../faults/world/world.ts';

/** A place in the log that subscribers must hear of. */
export interface DurableRow {
  readonly seq: number;
  readonly topic: 'candle.closed' | 'candle.corrected' | 'gap.recorded' | 'gap.resolved';
  /** `SIM:BTCUSDT@5m`, or `SIM:BTCUSDT` for a gap. */
  readonly key: string;
  readonly candle: (CandleValues & { readonly revision: number }) | null;
  readonly gap: { readonly from: number; readonly to: number; readonly reason: string } | null;
}

/** Returns what was logged of candles and gaps after `seq`, in order. */
export function findDurableRows(world: World, epoch: string, seq: number): Promise<DurableRow[]> {
  return world.query<DurableRow>(
    `select seq::float8, topic, key, payload -> 'candle' as candle,
       case when topic like 'gap.%' then jsonb_build_object('from', payload -> 'from', 'to', payload -> 'to', 'reason', payload -> 'reason') end as gap
     from event_log
     where epoch = $1::uuid and seq > $2::bigint and topic in ('candle.closed', 'candle.corrected', 'gap.recorded', 'gap.resolved')
     order by seq`,
    [epoch, seq],
  );
}
