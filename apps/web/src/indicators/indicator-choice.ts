/** The indicators that a chart can draw. */
export const INDICATOR_KINDS = ['sma', 'ema', 'bb', 'vwap', 'rsi', 'macd'] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];

/** An indicator with its settings, in the order of its `IndicatorForm`. */
export interface IndicatorChoice {
  readonly kind: IndicatorKind;
  readonly settings: readonly number[];
}

/** Returns the name that a legend shows: "SMA 20", "MACD 12 26 9", "VWAP". */
export function nameOfChoice({ kind, settings }: IndicatorChoice): string {
  return [kind.toUpperCase(), ...settings].join(' ');
}

/** Returns a choice as an address holds it: "sma20", "macd12-26-9", "vwap". */
export function formatChoice({ kind, settings }: IndicatorChoice): string {
  return `${kind}${settings.join('-')}`;
}
