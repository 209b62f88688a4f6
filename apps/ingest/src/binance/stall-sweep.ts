import type { EpochMs } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { ExchangeClock } from '../exchange.ts';
import type { Endpoints } from './endpoints.ts';
import type { FrameDesk, Heard } from './frame-desk.ts';
import { isBookBehind, isCandleBehind, isTapeBehind } from './stall-probe.ts';
import type { Stream } from './stream-names.ts';
import type { StreamWatch } from './stream-watch.ts';

/** What the sweep looks at and whom it asks. */
export interface StallSweepOptions {
  readonly watch: StreamWatch;
  readonly desk: Pick<FrameDesk, 'find'>;
  readonly endpoints: Pick<Endpoints, 'findNewestCandle' | 'fetchBookTops'>;
  readonly clock: Pick<ExchangeClock, 'now'>;
  readonly log: Logger;
}

/** Requests for single candles in one sweep: with a sweep a second a tenth of the exchange's usual weight limit. */
const CANDLES_PER_SWEEP = 5;
/** All tops of the book cost one request of weight 4: it is made at most every so many milliseconds of this machine's time. */
const ASK_FOR_BOOKS_EVERY_MS = 5_000;

/** Returns a sweep that asks about silent streams whether the exchange has newer data, and tells the watch what it said. */
export function createStallSweep({ watch, desk, endpoints, clock, log }: StallSweepOptions): () => Promise<void> {
  let askForBooksAtMs = 0;

  return async () => {
    const askedAt = clock.now();
    const suspicious = watch.suspicious(askedAt);
    for (const stream of suspicious) if (stream.kind === 'aggTrade') judgeTape(stream, askedAt);
    const candles = suspicious.filter(({ kind }) => kind === 'kline_1m').slice(0, CANDLES_PER_SWEEP);
    const books = suspicious.filter(({ kind }) => kind === 'bookTicker');
    await Promise.all([...candles.map((stream) => patiently(() => judgeCandle(stream, askedAt))), judgeBooksInTurn(books, askedAt)]);
  };

  /** The candle stream tells what the trade stream should have brought: this costs no request. */
  function judgeTape(stream: Stream, askedAt: EpochMs): void {
    const last = desk.find(stream.symbol);
    if (!last) return;
    const isBehind = isTapeBehind(last.candle?.candle.lastTradeId, last.trade?.trade.lastTradeId, last.startTradeId);
    watch.judge(stream.name, isBehind, askedAt);
  }

  async function judgeCandle(stream: Stream, askedAt: EpochMs): Promise<void> {
    const last = desk.find(stream.symbol);
    if (!last) return;
    const newest = await endpoints.findNewestCandle(stream.symbol);
    watch.judge(stream.name, isCandleBehind(last.candle?.candle, newest, last.startedAt), askedAt);
  }

  async function judgeBooksInTurn(streams: readonly Stream[], askedAt: EpochMs): Promise<void> {
    if (streams.length === 0 || performance.now() < askForBooksAtMs) return;
    askForBooksAtMs = performance.now() + ASK_FOR_BOOKS_EVERY_MS;
    await patiently(() => judgeBooks(streams, askedAt));
  }

  /** The book of a quiet pair may stand for hours: a stream that has said nothing is mute only when the book moves. */
  async function judgeBooks(streams: readonly Stream[], askedAt: EpochMs): Promise<void> {
    const asked = streams.flatMap((stream): [Stream, Heard][] => {
      const last = desk.find(stream.symbol);
      return last ? [[stream, last]] : [];
    });
    const tops = await endpoints.fetchBookTops(asked.map(([{ symbol }]) => symbol));
    for (const [stream, last] of asked) {
      const newest = tops.get(stream.symbol);
      if (!newest) continue;
      last.top ??= newest;
      watch.judge(stream.name, isBookBehind(last.top, newest), askedAt);
    }
  }

  async function patiently(work: () => Promise<void>): Promise<void> {
    await work().catch((cause: unknown) => log.debug({ err: cause }, 'silent streams could not be compared with the exchange'));
  }
}
