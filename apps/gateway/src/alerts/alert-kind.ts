import type {
  AlertDirection,
  AlertRule,
  Crossed,
  CrossingMemory,
  Decimal,
  EpochMs,
  FeedStatus,
  Forecast,
  Horizon,
  Interval,
} from '@candlecast/domain';

/** What alerts can look at, as one kind. A new kind is a file in `kinds/` and its line in `alert-kinds.ts`: the API has it then. */
export type AlertKind = CandleKind<AlertRule> | ForecastKind<AlertRule> | MomentKind<AlertRule>;

/** What a rule asks for, for the API. */
export interface AlertField {
  readonly type: 'Decimal' | 'Int' | 'Boolean' | 'Interval' | 'Horizon' | AlertChoice;
  readonly description: string;
  /** What holds when it is not given, null for nothing; absent: it must be given. */
  readonly otherwise?: string | number | boolean | null;
}

/** One of a few words. */
export interface AlertChoice {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, string>>;
}

interface Named<R extends AlertRule> {
  /** As the API names it, such as "PRICE_LEVEL". */
  readonly name: string;
  readonly description: string;
  readonly fields: { readonly [K in keyof R]: AlertField };
  /** Says what is wrong with a rule whose fields have their types; undefined when nothing is. */
  findFault(rule: R): string | undefined;
}

/** A kind that looks at closed candles, at the close of each. */
export interface CandleKind<R extends AlertRule> extends Named<R> {
  readonly from: 'candles';
  /** Which series, and how many of its candles, with the one that has just closed. */
  seriesOf(rule: R): { readonly interval: Interval; readonly count: number };
  /** What these candles say, oldest first; nothing when there are too few. */
  read(rule: R, candles: readonly ClosedCandle[]): readonly Reading[];
}

/** A kind that looks at the forecasts that are served, as each is issued. */
export interface ForecastKind<R extends AlertRule> extends Named<R> {
  readonly from: 'forecasts';
  horizonOf(rule: R): Horizon;
  read(rule: R, forecast: Forecast): readonly Reading[];
}

/** A kind that looks at how things are, once a second: what was over before it was looked at does not fire. */
export interface MomentKind<R extends AlertRule> extends Named<R> {
  readonly from: 'moments';
  read(rule: R, moment: Moment): readonly Reading[];
}

/** A closed candle, as far as alerts look at it. */
export interface ClosedCandle {
  readonly openTime: EpochMs;
  readonly close: Decimal;
}

/** How things are with an instrument, on its venue's clock. */
export interface Moment {
  readonly now: EpochMs;
  /** End of the newest closed minute. */
  readonly lastCloseTime: EpochMs | undefined;
  /** Undefined until the feed has reported. */
  readonly feed: FeedStatus | undefined;
}

/** A value beside its level. */
export interface Reading {
  /** Tells the values of a rule apart. */
  readonly name: string;
  readonly value: Decimal;
  readonly level: Decimal;
  /** How far the value has to go back beyond the level before it can fire again. */
  readonly margin: Decimal;
  readonly direction: AlertDirection;
  /** Where it counts as having been before it is first looked at; absent: where it is then. */
  readonly before?: CrossingMemory['side'];
  /** What its owner is told when it fires. */
  tell(crossed: Crossed): { readonly value: Decimal; readonly level: Decimal; readonly reason: string };
}
