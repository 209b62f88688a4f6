import type { Interval } from '@candlecast/domain';

/** Every interval under TradingView's name for it, finest first. Months are no fixed number of milliseconds and are not served. */
const RESOLUTION: Readonly<Record<Interval, string>> = {
  '1m': '1',
  '3m': '3',
  '5m': '5',
  '15m': '15',
  '30m': '30',
  '1h': '60',
  '2h': '120',
  '4h': '240',
  '6h': '360',
  '12h': '720',
  '1d': '1D',
  '1w': '1W',
};

/** The resolutions that are served. All are stored, so a chart never has to build one from another. */
export const RESOLUTIONS: readonly string[] = Object.values(RESOLUTION);

/** Those of them that are minutes. */
export const INTRADAY_MULTIPLIERS: readonly string[] = RESOLUTIONS.filter((resolution) => /^\d+$/.test(resolution));
