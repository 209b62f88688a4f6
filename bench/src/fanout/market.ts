import {
  type Candle,
  candleKey,
  type EpochMs,
  type InstrumentId,
  type LogEvent,
  toDecimal,
  toEpochMs,
  toInstrumentId,
} from '@candlecast/domain';

/** The log of the bench has one epoch; its positions follow ticks and symbols: event `tick * SYMBOLS + symbol` (both from 0) has seq one more. */
export const EPOCH = '3f0c1c52-8f5e-4d0e-9a55-9d9b4c2d7a10';

/** Pairs that the bench's market can have. */
export const SYMBOLS = 200;

const START: EpochMs = toEpochMs(Date.UTC(2026, 0, 5));

/** The document of every subscription; its messages have about 270 bytes. */
export const DOCUMENT =
  'subscription Closed($symbols: [ID!]!, $after: Cursor) { candles(symbols: $symbols, interval: "1m", after: $after) { __typename ' +
  '... on CandleClosed { symbol cursor candle { open close baseVolume quoteVolume tradeCount } } } }';

/** Returns the id of a pair. */
export function idOf(symbol: number): InstrumentId {
  return toInstrumentId('SIM', `S${String(symbol).padStart(3, '0')}USDT`);
}

/** Returns the event of a symbol's tick. It carries the tick as its number of trades, and when it was made as its quote volume, in microseconds. */
export function eventOf(symbol: number, tick: number, seq: number, madeAtUs: string): LogEvent {
  const openTime = (START + tick * 60_000) as EpochMs;
  const candle: Candle = {
    openTime,
    open: toDecimal('65210.10000000'),
    high: toDecimal('65250.00000000'),
    low: toDecimal('65200.00000000'),
    close: toDecimal('65233.70000000'),
    baseVolume: toDecimal('12.34567000'),
    quoteVolume: toDecimal(madeAtUs),
    tradeCount: tick,
    takerBuyBaseVolume: null,
    takerBuyQuoteVolume: null,
    firstTradeId: null,
    lastTradeId: null,
    isClosed: true,
    revision: 0,
    knownAt: openTime,
    reconstructed: false,
  };
  const payload = { instrumentId: idOf(symbol), interval: '1m' as const, candle };
  return { epoch: EPOCH, seq, at: openTime, topic: 'candle.closed', key: candleKey(idOf(symbol), '1m'), payload };
}

/** Returns the machine's monotonic clock, the same for every process on it, in microseconds. */
export function nowUs(): string {
  return String(process.hrtime.bigint() / 1_000n);
}
