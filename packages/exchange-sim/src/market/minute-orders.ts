import type { DayPlan } from './day-plan.ts';
import type { PairProfile } from './pair-profile.ts';
import { bitsAt, keyOf, RandomRun } from './random.ts';
import type { TradeIds } from './trade-ids.ts';
import { DAY_MINUTES } from './venue-day.ts';

/** The taker orders of one minute as columns of whole numbers. The arrays are reused by the next `draw`: read `count` entries, keep none. */
export interface OrderColumns {
  count: number;
  firstId: number;
  /** Milliseconds after the minute's start, ascending. */
  offsetsMs: Float64Array;
  /** Prices in ticks. */
  ticks: Float64Array;
  /** Quantities in steps. */
  steps: Float64Array;
  /** 1 where the taker bought. */
  buys: Uint8Array;
}

const MINUTE = 60_000;
/** Half the distance between bid and ask against the price, for pairs whose tick is finer than that. */
const HALF_SPREAD = 0.00002;

/** Draws the orders of any minute of one pair: the tape that every view of the market reads. */
export class MinuteOrders {
  readonly #key: number;
  readonly #tradeIds: TradeIds;
  /** The value of a usual order in ticks × steps. */
  readonly #usualSize: number;
  readonly #columns: OrderColumns = emptyColumns(64);
  /** Whose orders the columns hold. */
  #drawn = { day: -1, minute: -1 };

  constructor(profile: PairProfile, seed: number, tradeIds: TradeIds) {
    this.#key = keyOf(`${profile.symbol}/orders`, seed);
    this.#tradeIds = tradeIds;
    this.#usualSize = profile.orderValue * 10 ** (profile.tickDecimals + profile.stepDecimals);
  }

  /** Returns the orders of a minute of the day, in order of time. */
  draw(plan: DayPlan, minute: number): OrderColumns {
    const columns = this.#columns;
    // The running minute is asked for again and again.
    if (this.#drawn.day === plan.day && this.#drawn.minute === minute) return columns;
    this.#drawn = { day: plan.day, minute };
    columns.firstId = plan.firstOrderIds[minute] ?? 0;
    columns.count = (plan.firstOrderIds[minute + 1] ?? 0) - columns.firstId;
    if (columns.count > columns.ticks.length)
      Object.assign(columns, { ...emptyColumns(columns.count * 2), count: columns.count, firstId: columns.firstId });
    const { count, firstId, offsetsMs, ticks, steps, buys } = columns;

    const run = new RandomRun(bitsAt(this.#key, plan.day * DAY_MINUTES + minute));
    const start = plan.prices[minute] ?? 1;
    const end = plan.prices[minute + 1] ?? start;
    const wander = plan.wander[minute] ?? 0;
    const halfSpread = Math.max(0.5, start * HALF_SPREAD);
    const buyShare = 0.5 + Math.max(-0.3, Math.min(0.3, (0.2 * (end - start)) / (wander || 1)));
    const usualSteps = this.#usualSize / start;
    let price = start;
    let time = 0;
    let tradeId = this.#tradeIds.firstTradeOf(firstId);
    for (let index = 0; index < count; index++) {
      // A bridge from the minute's first price to the next minute's, at times spread evenly with jitter.
      const next = (index + run.nextUniform()) / count;
      const left = 1 - time;
      price += ((end - price) * (next - time)) / left + wander * Math.sqrt(((next - time) * (1 - next)) / left) * run.nextBell();
      time = next;
      const bits = run.nextBits();
      const isBuy = bits % 65_536 < buyShare * 65_536;
      // Most orders are small, one in a hundred is ten times the usual one.
      const size = (usualSteps * 0.25) / ((bits >>> 16) / 65_536 + 0.02);
      const nextTradeId = this.#tradeIds.firstTradeOf(firstId + index + 1);
      offsetsMs[index] = Math.floor(time * MINUTE);
      ticks[index] = Math.max(1, Math.round(price + (isBuy ? halfSpread : -halfSpread)));
      // At least one step for each fill.
      steps[index] = Math.max(nextTradeId - tradeId, Math.round(size));
      tradeId = nextTradeId;
      buys[index] = isBuy ? 1 : 0;
    }
    return columns;
  }
}

function emptyColumns(capacity: number): OrderColumns {
  return {
    count: 0,
    firstId: 0,
    offsetsMs: new Float64Array(capacity),
    ticks: new Float64Array(capacity),
    steps: new Float64Array(capacity),
    buys: new Uint8Array(capacity),
  };
}
