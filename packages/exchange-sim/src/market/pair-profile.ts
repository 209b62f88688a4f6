import type { EpochMs } from '@candlecast/domain';
import { bitsAt, keyOf, toUniform } from './random.ts';
import type { Listing } from './symbol-market.ts';

/** A simulated pair: how it is listed, and how it trades. */
export interface PairProfile extends Listing {
  /** When trading began, on a whole minute. */
  readonly listedTime: EpochMs;
  /** The price around which the pair lives, in the quote asset. */
  readonly referencePrice: number;
  /** How strongly it follows the market. */
  readonly beta: number;
  /** Standard deviation of a usual day's log-return on top of the market's. */
  readonly ownVolatility: number;
  /** Share of its distance from the reference price that the pair returns in a day. */
  readonly dailyPull: number;
  /** Taker orders in a day: a multiple of eight (`TradeIds`). */
  readonly ordersPerDay: number;
  /** Usual value of a taker order, in the quote asset. */
  readonly orderValue: number;
}

const QUOTE_ASSETS = ['USDT', 'USDC', 'FDUSD', 'TUSD', 'BTC', 'ETH', 'BNB', 'TRY', 'EUR', 'BRL', 'JPY'] as const;
/** Price and quantity decimals together: amounts in the quote asset have at most eight. */
const AMOUNT_DECIMALS = 8;

/** Splits a pair's name into its assets; undefined when it does not end in a quote asset that the venue knows. */
export function splitSymbol(symbol: string): { readonly baseAsset: string; readonly quoteAsset: string } | undefined {
  const quoteAsset = QUOTE_ASSETS.find((quote) => symbol.length > quote.length && symbol.endsWith(quote));
  return quoteAsset && { baseAsset: symbol.slice(0, -quoteAsset.length), quoteAsset };
}

/**
 * Returns a made-up profile for a pair that the catalogue does not know: price level, listing day and liquidity follow from the name.
 * Undefined when the name does not end in a quote asset that the venue has.
 */
export function inventProfile(symbol: string): PairProfile | undefined {
  const assets = splitSymbol(symbol);
  if (!assets) return undefined;
  const key = keyOf(`profile/${symbol}`, 0);
  const uniform = (position: number) => toUniform(bitsAt(key, position));
  // From 0.0004 to 440, evenly in the logarithm.
  const referencePrice = Math.exp(-7.8 + 13.9 * uniform(0));
  // Five to six significant digits, as the exchange chooses its ticks.
  const tickDecimals = Math.min(AMOUNT_DECIMALS, Math.max(2, 4 - Math.floor(Math.log10(referencePrice))));
  const stepDecimals = Math.max(0, Math.min(4, AMOUNT_DECIMALS - tickDecimals, Math.ceil(Math.log10(referencePrice)) + 1));
  return {
    symbol,
    ...assets,
    tickDecimals,
    stepDecimals,
    listedTime: (Date.UTC(2020, 0, 1, 10) + Math.floor(uniform(1) * 1_500) * 86_400_000) as EpochMs,
    referencePrice,
    beta: 0.8 + 0.8 * uniform(2),
    ownVolatility: 0.02 + 0.03 * uniform(3),
    dailyPull: 0.005,
    ordersPerDay: 8 * Math.round(25 * Math.exp(4 * uniform(4))),
    orderValue: 20 * Math.exp(4 * uniform(5)),
  };
}
