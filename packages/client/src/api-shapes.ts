/** Why candles are missing. PENDING ones are being repaired; the others are facts. */
export type GapReason =
  | 'BEFORE_LISTING'
  | 'CONFIRMED_EMPTY'
  | 'DELISTED'
  | 'EXCHANGE_OUTAGE'
  | 'FETCH_FAILED'
  | 'PENDING'
  | 'SOURCE_INCOMPLETE';

/** A candle: exact values as decimal text, times in ISO-8601. What a source with OHLCV only does not have is null. */
export interface Candle {
  readonly openTime: string;
  /** Exclusive. */
  readonly closeTime: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly baseVolume: string;
  readonly quoteVolume: string | null;
  readonly tradeCount: number | null;
  readonly takerBuyBaseVolume: string | null;
  readonly takerBuyQuoteVolume: string | null;
  readonly isClosed: boolean;
  readonly revision: number;
  readonly knownAt: string;
  /** Fetched as history instead of received live. */
  readonly reconstructed: boolean;
}

/** What a page of candles can prove: how many closed ones its span must hold, and what is known to be missing. */
export interface Certificate {
  readonly expected: number;
  readonly present: number;
  readonly missing: number;
  readonly coverage: string;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: GapReason }[];
}

/** Minutes that are missing, or no longer. */
export interface Gap {
  readonly symbol: string;
  readonly interval: string;
  readonly from: string;
  readonly to: string;
  readonly reason: GapReason;
  readonly isResolved: boolean;
  readonly cursor: string;
}

/** Bars in columns of equal length: floats, and times in unix seconds. */
export interface Bars {
  readonly s: 'ok' | 'no_data';
  readonly t: readonly number[];
  readonly o: readonly number[];
  readonly h: readonly number[];
  readonly l: readonly number[];
  readonly c: readonly number[];
  readonly v: readonly number[];
  /** Without bars: where the newest older one lies. */
  readonly nextTime: number | null;
  /** Subscribe with `after: cursor` to go on without a hole. */
  readonly cursor: string;
}

/** A traded pair, where its series stands and from when on it reaches. */
export interface Instrument {
  readonly id: string;
  readonly venue: 'BINANCE' | 'SIM' | 'REPLAY';
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: string | null;
  readonly stepSize: string | null;
  readonly state: 'REQUESTED' | 'BACKFILLING' | 'LIVE' | 'PAUSED' | 'DELISTED' | 'FAILED';
  readonly isSimulated: boolean;
  readonly firstOpenTime: string | null;
  readonly watermark: string | null;
  readonly liveSince: string | null;
}

/** What a model said, before the fact, about the price at `targetTime`. Not financial advice. */
export interface Forecast {
  readonly id: string;
  readonly symbol: string;
  readonly horizon: string;
  readonly asOf: string;
  readonly targetTime: string;
  readonly issuedAt: string;
  readonly timing: 'ON_TIME' | 'LATE';
  readonly refPrice: string;
  readonly pUp: number;
  readonly quantiles: readonly { readonly level: number; readonly value: string; readonly logReturn: number }[];
  readonly model: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly kind: string;
    readonly sha256: string | null;
    readonly trainedThrough: string | null;
  };
  readonly inputHash: string;
  readonly disclaimer: string;
}

/** Where the ledger of a venue stood: keep one, and a chain that was made anew does not have it. */
export interface LedgerHead {
  readonly venue: string;
  /** Entries up to here. */
  readonly seq: number;
  /** SHA-256 of the entry at `seq`. */
  readonly hash: string;
  /** When it was issued, by the venue's clock; null for an empty ledger. */
  readonly at: string | null;
}

/** That one of the caller's alerts has fired, and why. */
export interface AlertFiring {
  readonly id: string;
  readonly alertId: string;
  readonly symbol: string;
  /** What the alert looks at, such as "PRICE_LEVEL". */
  readonly alertKind: string;
  readonly note: string | null;
  /** When, on the venue's clock. */
  readonly at: string;
  readonly crossed: 'UP' | 'DOWN';
  readonly value: string;
  readonly level: string;
  /** The same in a sentence. */
  readonly reason: string;
}
