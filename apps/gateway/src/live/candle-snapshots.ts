import {
  ALL_TIME,
  AppError,
  type Candle,
  type CandleReader,
  candleKey,
  type EventLog,
  type Instrument,
  type InstrumentId,
  type Interval,
  type LogPosition,
} from '@candlecast/domain';

/** The newest candles of several series, all as they stood at one place in the log. */
export interface CandleSnapshots {
  readonly series: readonly { readonly instrumentId: InstrumentId; readonly candles: readonly Candle[] }[];
  readonly position: LogPosition;
}

const PAGE_SIZE = 1_000;

/**
 * Reads the newest `count` candles of each instrument, oldest first. Each is read in its own database snapshot; what was logged between
 * the first and the last of them is applied from the log, so that one position holds for all.
 */
export async function loadCandleSnapshots(
  { log, candles }: { readonly log: EventLog; readonly candles: CandleReader },
  request: { readonly instruments: readonly Instrument[]; readonly interval: Interval; readonly count: number },
): Promise<CandleSnapshots> {
  const { instruments, interval, count } = request;
  const head = await log.head();
  const read = await Promise.all(
    instruments.map(async ({ id }) => {
      const query = { instrumentId: id, interval, range: ALL_TIME, limit: count, take: 'newest' } as const;
      return { instrumentId: id, ...(await candles.findSnapshot(query)) };
    }),
  );
  const position = read.reduce((newest, snapshot) => (snapshot.position.seq > newest.seq ? snapshot.position : newest), head);
  if (read.some((snapshot) => snapshot.position.epoch !== position.epoch)) {
    throw new AppError('UPSTREAM_STALE', 'the log began anew while the snapshot was read', { retryable: true });
  }
  const series = await Promise.all(read.map((snapshot) => bringTo(log, position, snapshot, interval, count)));
  return { series, position };
}

async function bringTo(
  log: EventLog,
  position: LogPosition,
  snapshot: { readonly instrumentId: InstrumentId; readonly candles: readonly Candle[]; readonly position: LogPosition },
  interval: Interval,
  count: number,
): Promise<{ instrumentId: InstrumentId; candles: Candle[] }> {
  const byTime = new Map(snapshot.candles.map((candle) => [candle.openTime, candle]));
  const keys = [candleKey(snapshot.instrumentId, interval)];
  let after = snapshot.position;
  while (after.seq < position.seq) {
    const page = await log.read({ after, limit: PAGE_SIZE, topics: ['candle.closed', 'candle.corrected'], keys });
    for (const event of page) {
      if (event.seq > position.seq) break;
      if (event.topic === 'candle.closed' || event.topic === 'candle.corrected')
        byTime.set(event.payload.candle.openTime, event.payload.candle);
    }
    after = page.length < PAGE_SIZE ? position : (page.at(-1) ?? position);
  }
  const candles = [...byTime.values()].sort((a, b) => a.openTime - b.openTime).slice(-count);
  return { instrumentId: snapshot.instrumentId, candles };
}
