import type { Candle, Decimal, EpochMs } from '@candlecast/domain';

/** A column of an exported file: one definition for every format. */
export type CandleColumn =
  | { readonly name: string; readonly kind: 'time'; readonly of: (candle: Candle) => EpochMs }
  | { readonly name: string; readonly kind: 'decimal'; readonly nullable: boolean; readonly of: (candle: Candle) => Decimal | null }
  | { readonly name: string; readonly kind: 'integer'; readonly nullable: boolean; readonly of: (candle: Candle) => number | null }
  | { readonly name: string; readonly kind: 'boolean'; readonly of: (candle: Candle) => boolean };

/** The columns in their order. It is part of the contract: new ones come last. */
export const CANDLE_COLUMNS: readonly CandleColumn[] = [
  { name: 'open_time', kind: 'time', of: ({ openTime }) => openTime },
  { name: 'open', kind: 'decimal', nullable: false, of: ({ open }) => open },
  { name: 'high', kind: 'decimal', nullable: false, of: ({ high }) => high },
  { name: 'low', kind: 'decimal', nullable: false, of: ({ low }) => low },
  { name: 'close', kind: 'decimal', nullable: false, of: ({ close }) => close },
  { name: 'base_volume', kind: 'decimal', nullable: false, of: ({ baseVolume }) => baseVolume },
  { name: 'quote_volume', kind: 'decimal', nullable: true, of: ({ quoteVolume }) => quoteVolume },
  { name: 'trade_count', kind: 'integer', nullable: true, of: ({ tradeCount }) => tradeCount },
  { name: 'taker_buy_base_volume', kind: 'decimal', nullable: true, of: ({ takerBuyBaseVolume }) => takerBuyBaseVolume },
  { name: 'taker_buy_quote_volume', kind: 'decimal', nullable: true, of: ({ takerBuyQuoteVolume }) => takerBuyQuoteVolume },
  { name: 'revision', kind: 'integer', nullable: false, of: ({ revision }) => revision },
  { name: 'known_at', kind: 'time', of: ({ knownAt }) => knownAt },
  { name: 'reconstructed', kind: 'boolean', of: ({ reconstructed }) => reconstructed },
];
