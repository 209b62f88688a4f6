import type { BookSample, InstrumentId, LatestChannel, Trade } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { DepthDesk } from './book/depth-desk.ts';
import type { BookUpdate, Exchange, TradeValues } from './exchange.ts';
import type { IngestMetrics } from './health/metrics.ts';
import { repeat } from './pause.ts';
import { TapeKeeper } from './tape/tape-keeper.ts';
import { BookSampler } from './write/book-sampler.ts';
import type { IngestStore } from './write/patient-store.ts';
import { RowQueue } from './write/row-queue.ts';

/** What is kept of the market beside candles. */
export interface MarketChoice {
  /** Whether trades are stored; subscribers hear them in any case. */
  readonly storeTrades: boolean;
  /** Whether the top of the book is sampled. */
  readonly sampleBook: boolean;
  /** Books that are kept at a time, each while somebody wants it. */
  readonly depthBooks: number;
}

/** What the market needs. */
export interface MarketOptions extends MarketChoice {
  readonly exchange: Pick<Exchange, 'clock' | 'fetchTrades' | 'openDepth' | 'fetchDepth'>;
  readonly store: Pick<IngestStore, 'trades' | 'tradeWriter' | 'bookWriter'>;
  readonly latest: Pick<LatestChannel, 'publish' | 'subscribe'>;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** Trades and tops of the book of all instruments. */
export interface Market {
  add(id: InstrumentId, symbol: string): void;
  remove(id: InstrumentId): void;
  takeTrade(id: InstrumentId, trade: TradeValues): void;
  takeBook(id: InstrumentId, book: BookUpdate): void;
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const SAMPLE_EVERY_MS = 1_000;

/** Returns the market: newest values go to subscribers at once, rows to the store in few statements. Nothing here holds candles up. */
export function createMarket(options: MarketOptions): Market {
  const { exchange, store, latest, metrics, log, storeTrades, sampleBook } = options;
  const now = () => exchange.clock.now();
  const sampler = sampleBook ? new BookSampler() : undefined;
  const trades: RowQueue<Trade> = createQueue('agg_trade', (rows) => store.tradeWriter.storeTrades(rows), {
    gatherMs: 250,
    maxRowsPerWrite: 2_000,
    maxWaiting: 100_000,
    onLost: (rows) => tapes.reopen(rows),
  });
  const books: RowQueue<BookSample> = createQueue('top_of_book', (rows) => store.bookWriter.storeBooks(rows), {
    gatherMs: 50,
    maxRowsPerWrite: 5_000,
    maxWaiting: 100_000,
  });
  const tapes = new TapeKeeper({
    latest,
    store: storeTrades
      ? {
          put: (rows) => trades.put(rows),
          hasRoom: (count) => trades.room >= count,
          findBefore: (places, since) => store.trades.findTradesBefore(places, since),
        }
      : undefined,
    fetchTrades: exchange.fetchTrades,
    now,
    metrics,
    log,
  });

  const symbols = new Map<InstrumentId, string>();
  const symbolOf = (id: InstrumentId) => symbols.get(id);
  const desk = new DepthDesk({ exchange, latest, symbolOf, maxBooks: options.depthBooks, metrics, log });

  return {
    add(id, symbol) {
      symbols.set(id, symbol);
      tapes.add(id, symbol);
    },
    remove(id) {
      symbols.delete(id);
      tapes.remove(id);
      sampler?.remove(id);
    },
    takeTrade: (id, trade) => tapes.take(id, trade),
    takeBook(id, book) {
      const { bidPrice, bidSize, askPrice, askSize, receivedAt } = book;
      latest.publish({ topic: 'top_of_book', key: id, value: { instrumentId: id, bidPrice, bidSize, askPrice, askSize, receivedAt } });
      sampler?.take(id, book);
      desk.noteTop(symbols.get(id) ?? '', book.updateId);
    },
    async run(signal) {
      const sample = () => {
        const samples = sampler?.drain(now()) ?? [];
        if (samples.length > 0) books.put(samples);
      };
      await Promise.all([
        tapes.run(signal),
        trades.run(signal),
        books.run(signal),
        desk.run(signal),
        repeat(() => SAMPLE_EVERY_MS, signal, sample),
      ]);
    },
  };

  function createQueue<Row>(
    table: string,
    write: (rows: readonly Row[]) => Promise<number>,
    shape: { gatherMs: number; maxRowsPerWrite: number; maxWaiting: number; onLost?: (rows: readonly Row[]) => void },
  ): RowQueue<Row> {
    return new RowQueue<Row>({
      ...shape,
      name: table,
      write,
      onStored: (count) => metrics.storedRows.inc({ table }, count),
      onDropped(rows, reason) {
        metrics.droppedRows.inc({ table, reason }, rows.length);
        // What the database refuses would be refused again.
        if (reason === 'full') shape.onLost?.(rows);
      },
      onDepth: (waiting) => metrics.waitingRows.set({ table }, waiting),
      log,
    });
  }
}
