import { type InstrumentId, type Interval, intervalMs, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Database } from '@candlecast/store';

/** Bars in columns, times in unix seconds. */
export interface Columns {
  readonly t: number[];
  readonly o: number[];
  readonly h: number[];
  readonly l: number[];
  readonly c: number[];
  readonly v: number[];
}

interface Row {
  readonly open_time: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly base_volume: string;
}

/** Reads the `count` bars before `to` with one statement by hand, as anybody would write it. */
export async function readColumns(
  sessions: Database['sessions'],
  { id, interval, to, count }: { readonly id: InstrumentId; readonly interval: Interval; readonly to: number; readonly count: number },
): Promise<Columns> {
  const { venue, symbol } = splitInstrumentId(id);
  const rows = await sessions.run<Row>(
    {
      name: `bench-columns-${interval}`,
      text: `
        select c.open_time, c.open, c.high, c.low, c.close, c.base_volume
        from candle_${interval} c join instrument i on i.id = c.instrument_id
        where i.venue = $1 and i.symbol = $2 and c.open_time >= $3::timestamptz and c.open_time < $4::timestamptz order by c.open_time`,
    },
    [venue, symbol, toIso((to * 1_000 - count * intervalMs(interval)) as never), toIso((to * 1_000) as never)],
  );
  return {
    t: rows.map((row) => row.open_time / 1_000),
    o: rows.map((row) => Number(row.open)),
    h: rows.map((row) => Number(row.high)),
    l: rows.map((row) => Number(row.low)),
    c: rows.map((row) => Number(row.close)),
    v: rows.map((row) => Number(row.base_volume)),
  };
}
