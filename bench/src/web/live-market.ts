import {
  addMs,
  type CandleValues,
  type Clock,
  chunkMs,
  type EpochMs,
  floorToInterval,
  type InstrumentId,
  type LatestChannel,
  MINUTE_MS,
  toDecimal,
  toInstrumentId,
} from '@candlecast/domain';
import { createCandleImporter, createCandleWriter, createInstrumentWriter, type Database } from '@candlecast/store';

/** Nine pairs with history, whose open candles move all the time and close every minute. */
export interface LiveMarket {
  readonly symbols: readonly string[];
  stop(): Promise<void>;
}

interface Options {
  readonly database: Database;
  readonly channel: LatestChannel;
  /** Of each pair. */
  readonly updatesASecond: number;
  readonly clock: Clock;
}

const BASES = ['BTC', 'ETH', 'SOL', 'XRP', 'ADA', 'DOGE', 'LINK', 'LTC', 'DOT'];
const CHUNKS = 6;
/** A price is a walk of so many small steps. */
const STEPS_A_MINUTE = 12;

/** Fills the database with history up to this minute, and keeps the market moving until it is stopped. */
export async function startLiveMarket({ database, channel, updatesASecond, clock }: Options): Promise<LiveMarket> {
  const writer = createCandleWriter(database);
  const instruments = createInstrumentWriter(database);
  const now = clock.now();
  await instruments.saveClock({ venue: 'SIM', wallTime: now, anchorTime: now, speed: 1 });
  let minute = floorToInterval(now, '1m');
  const live = addMs(minute, -chunkMs('1m'));
  const pairs = BASES.map((base, index) => ({ id: toInstrumentId('SIM', `${base}USDT`), base, walk: createWalk(index) }));
  for (const { id, base, walk } of pairs) {
    const assets = { symbol: `${base}USDT`, baseAsset: base, quoteAsset: 'USDT', tickSize: toDecimal('0.01000000'), stepSize: null };
    await instruments.upsertInstruments([{ id, venue: 'SIM', ...assets }]);
    await instruments.setState(id, 'LIVE', null);
    await createCandleImporter(database).importCandles(id, walk.minutes(addMs(live, -CHUNKS * chunkMs('1m')), live), live);
    await writer.startLive(id, live);
    await writer.commitClosed([{ instrumentId: id, candles: walk.minutes(live, minute) }], minute);
  }

  const open = new Map(pairs.map(({ id, walk }) => [id, walk.open(minute)]));
  let closing = Promise.resolve<unknown>(undefined);
  const moving = setInterval(() => {
    const time = clock.now();
    if (time >= addMs(minute, MINUTE_MS)) {
      const closed = [...open].map(([instrumentId, candle]) => ({ instrumentId, candles: [candle] }));
      minute = floorToInterval(time, '1m');
      for (const { id, walk } of pairs) open.set(id, walk.open(minute));
      closing = closing.then(() => writer.commitClosed(closed, minute));
    }
    for (const { id, walk } of pairs) {
      const candle = walk.move(open.get(id) ?? walk.open(minute));
      open.set(id, candle);
      publish(channel, id, candle, time);
    }
  }, 1_000 / updatesASecond);
  return {
    symbols: pairs.map(({ base }) => `${base}USDT`),
    async stop() {
      clearInterval(moving);
      await closing;
    },
  };
}

function publish(channel: LatestChannel, instrumentId: InstrumentId, candle: CandleValues, time: EpochMs): void {
  channel.publish({ topic: 'candle.open', key: instrumentId, value: { instrumentId, candle, exchangeTime: time, receivedAt: time } });
}

/** A walk that is the same in every run. */
function createWalk(seed: number) {
  let state = (seed + 1) * 2_654_435_761;
  let price = 100 * (seed + 1) ** 3;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return state / 2 ** 32;
  };
  const step = () => {
    price *= 1 + (random() - 0.5) / 1_500;
    return price;
  };
  const text = (value: number) => toDecimal(value.toFixed(2));
  const rest = { takerBuyBaseVolume: null, takerBuyQuoteVolume: null, firstTradeId: null, lastTradeId: null };
  const candleOf = (openTime: EpochMs, prices: readonly number[]): CandleValues => {
    const [first = price, last = price] = [prices[0], prices.at(-1)];
    const volume = 1 + random() * 40;
    return {
      ...{ openTime, open: text(first), high: text(Math.max(...prices)), low: text(Math.min(...prices)), close: text(last) },
      ...{ baseVolume: text(volume), quoteVolume: text(volume * last), tradeCount: Math.round(volume * 3), ...rest },
    };
  };
  return {
    minutes: (from: EpochMs, to: EpochMs) =>
      Array.from({ length: (to - from) / MINUTE_MS }, (_, index) =>
        candleOf(addMs(from, index * MINUTE_MS), Array.from({ length: STEPS_A_MINUTE }, step)),
      ),
    open: (openTime: EpochMs) => candleOf(openTime, [price]),
    move(candle: CandleValues): CandleValues {
      const close = step();
      const [high, low] = [Number.parseFloat(candle.high), Number.parseFloat(candle.low)];
      return { ...candle, close: text(close), high: text(Math.max(high, close)), low: text(Math.min(low, close)) };
    },
  };
}
