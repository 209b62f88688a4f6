import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of alerts. */
export interface AlertMetrics {
  readonly fired: Counter<'kind'>;
  readonly missed: Counter;
  readonly isWatching: Gauge;
}

/** Returns the alerts' metrics. */
export function createAlertMetrics(registry: Registry): AlertMetrics {
  const registers = [registry];
  return {
    fired: new Counter({
      name: 'candlecast_gateway_alert_fired_total',
      help: 'Firings of alerts, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    missed: new Counter({
      name: 'candlecast_gateway_alert_missed_total',
      help: 'Log entries that were gone before alerts could look at them.',
      registers,
    }),
    isWatching: new Gauge({
      name: 'candlecast_gateway_alert_watch',
      help: '1 in the gateway process that evaluates alerts, else 0.',
      registers,
    }),
  };
}
