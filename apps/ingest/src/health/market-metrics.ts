import { Counter, Gauge, type Registry } from 'prom-client';

/** Registers the metrics of trades, tops of the book and depth. */
export function createMarketMetrics(registry: Registry) {
  const registers = [registry];
  return {
    missingTrades: new Counter({
      name: 'ingest_missing_trades_total',
      help: 'Trades that the stream passed over, by their ids',
      registers,
    }),
    filledTrades: new Counter({ name: 'ingest_filled_trades_total', help: 'Missing trades that came late or by request', registers }),
    lostTrades: new Counter({
      name: 'ingest_lost_trades_total',
      help: 'Missing trades that are given up: too many at once, unknown to the exchange, or the request is refused',
      labelNames: ['reason'] as const,
      registers,
    }),
    repeatedTrades: new Counter({ name: 'ingest_repeated_trades_total', help: 'Trades that came more than once', registers }),
    storedRows: new Counter({
      name: 'ingest_stored_rows_total',
      help: 'Rows stored for the first time',
      labelNames: ['table'] as const,
      registers,
    }),
    droppedRows: new Counter({
      name: 'ingest_dropped_rows_total',
      help: 'Rows that were not stored because too many waited or the database refuses them',
      labelNames: ['table', 'reason'] as const,
      registers,
    }),
    openBooks: new Gauge({ name: 'ingest_open_books', help: 'Books that are kept because somebody wants them', registers }),
    bookRestarts: new Counter({
      name: 'ingest_book_restarts_total',
      help: 'Books that had to begin anew with a snapshot',
      labelNames: ['reason'] as const,
      registers,
    }),
    refusedBooks: new Counter({ name: 'ingest_refused_books_total', help: 'Wishes for a book beyond those that may be open', registers }),
    waitingRows: new Gauge({
      name: 'ingest_waiting_rows',
      help: 'Rows that wait for their statement',
      labelNames: ['table'] as const,
      registers,
    }),
  };
}
