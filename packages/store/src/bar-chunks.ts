import {
  AppError,
  addMs,
  BARS_A_CHUNK,
  type BarChunk,
  type BarChunkQuery,
  type BarChunkRow,
  chunkMs,
  closeTimeOf,
  type EpochMs,
  floorToChunk,
  floorToInterval,
  type Interval,
  type LogPosition,
  type TimeRange,
} from '@candlecast/domain';
import { closedUntil } from './closed-until.ts';
import { type BarsPlace, findBarsPlace, findRangeColumns } from './sql/bar-columns.ts';
import { countChanges, findStale } from './sql/candle-changes.ts';
import type { Session } from './sql/session.ts';

type ChunksQuery = Omit<BarChunkQuery, 'from'> & { readonly range: TimeRange; readonly limit: number };

/** Another form of revisions, or another meaning of the bars under them, takes another number. */
const FORM = 1;
/** Rows off the minute grid come on top of the buckets. */
const MOST_ROWS = 10 * BARS_A_CHUNK;

/** Returns one chunk as it is in this snapshot. */
export async function findBarChunk(session: Session, { instrumentId, interval, from }: BarChunkQuery): Promise<BarChunk> {
  const place = await loadPlace(session, instrumentId);
  return readChunk(session, place, interval, from);
}

/** Returns the newest `limit` chunks of a range, none of which is the one that grows, and that one with its bars. */
export async function findBarChunks(
  session: Session,
  { instrumentId, interval, range, limit }: ChunksQuery,
): Promise<{ chunks: BarChunkRow[]; tail: BarChunk | undefined; position: LogPosition }> {
  const place = await loadPlace(session, instrumentId);
  const { firstOpenTime, newest, epoch, seq } = place;
  const position = { epoch, seq };
  if (firstOpenTime === null || newest === null) return { chunks: [], tail: undefined, position };
  const step = chunkMs(interval);
  const tailFrom = floorToChunk(newest, interval);
  const end = Math.min(tailFrom, floorToChunk(addMs(range.to, step - 1), interval));
  const start = Math.max(floorToChunk(firstOpenTime, interval), floorToChunk(range.from, interval), end - limit * step);
  const froms = Array.from({ length: Math.max(0, (end - start) / step) }, (_, index) => (start + index * step) as EpochMs);
  const chunks = await nameChunks(session, place, interval, froms);
  return { chunks, tail: await readChunk(session, place, interval, tailFrom), position };
}

async function readChunk(session: Session, place: BarsPlace, interval: Interval, from: EpochMs): Promise<BarChunk> {
  const [row] = await nameChunks(session, place, interval, [from]);
  const range = row?.range ?? rangeOf(from, interval);
  const columns = await findRangeColumns(session, place.seriesId, interval, range, MOST_ROWS);
  return { range, revision: row?.revision ?? null, columns, position: { epoch: place.epoch, seq: place.seq } };
}

/** Names chunks that follow one another. */
async function nameChunks(session: Session, place: BarsPlace, interval: Interval, froms: readonly EpochMs[]): Promise<BarChunkRow[]> {
  const [first, last] = [froms[0], froms.at(-1)];
  if (first === undefined || last === undefined) return [];
  const span = { from: first, to: rangeOf(last, interval).to };
  const changes = await countChanges(session, place.seriesId, span, chunkMs(interval));
  // Before its first bar a series has nothing that a roll-up could hide.
  const begin = place.firstOpenTime === null ? span.from : floorToInterval(place.firstOpenTime, interval);
  const stale = begin < span.to ? await findStale(session, interval, { from: Math.max(begin, span.from) as EpochMs, to: span.to }) : [];
  const end = closedUntil(place) ?? (place.newest === null ? span.from : closeTimeOf(floorToInterval(place.newest, '1m'), '1m'));
  return froms.map((from) => {
    const range = rangeOf(from, interval);
    const isOld = stale.some((stretch) => stretch.first < range.to && stretch.last >= range.from);
    return { range, revision: range.to > end || isOld ? null : toRevision(changes.get(from) ?? 0, place.epoch) };
  });
}

/** The log's epoch is new after a restore, in which counts go back. */
function toRevision(changes: number, epoch: string): string {
  return `${FORM}.${changes}.${epoch.replaceAll('-', '').slice(0, 12)}`;
}

function rangeOf(from: EpochMs, interval: Interval): TimeRange {
  return { from, to: addMs(from, chunkMs(interval)) };
}

async function loadPlace(session: Session, instrumentId: BarChunkQuery['instrumentId']): Promise<BarsPlace> {
  const place = await findBarsPlace(session, instrumentId);
  if (!place) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
  return place;
}
