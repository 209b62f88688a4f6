import type { AlertFields } from '../graphql/documents/alerts.ts';

const WAYS = { UP: 'upwards', DOWN: 'downwards', EITHER: 'either way' } as const;

/** Returns a rule in a sentence: "price through 91000.00, upwards". */
export function ruleText(rule: AlertFields['rule']): string {
  switch (rule.__typename) {
    case 'PriceLevelRule':
      return `price through ${rule.level}, ${WAYS[rule.direction]}`;
    case 'PriceMoveRule':
      return `price moves by ${rule.percent} % within ${rule.windowMinutes} min, ${WAYS[rule.direction]}`;
    case 'AverageCrossRule':
      return `${rule.average} ${rule.fast} through ${rule.average} ${rule.slow} of ${rule.interval}, ${WAYS[rule.direction]}`;
    case 'RsiLevelRule':
      return `RSI ${rule.period} of ${rule.interval} through ${rule.rsi}, ${WAYS[rule.direction]}`;
    case 'ForecastFlipRule':
      return `forecast of ${rule.horizon} turns${rule.pUp === null ? '' : ` through ${rule.pUp}`}, ${WAYS[rule.direction]}`;
    case 'StaleDataRule':
      return `no candle for ${rule.intervals} × ${rule.interval}${rule.feed ? ', or the feed is not live' : ''}`;
  }
}
