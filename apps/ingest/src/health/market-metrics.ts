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
    waitingRows: new Gauge({
      name: 'ingest_waiting_rows',
      help: 'Rows that wait for their statement',
      labelNames: ['table'] as const,
      registers,
    }),
  };
}
