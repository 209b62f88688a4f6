import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of webhooks. */
export interface CourierMetrics {
  readonly attempts: Counter<'result'>;
  readonly queued: Counter<'event'>;
  readonly dropped: Counter;
  readonly missed: Counter;
  readonly underWay: Gauge;
  readonly isDelivering: Gauge;
}

/** Returns the webhooks' metrics. */
export function createCourierMetrics(registry: Registry): CourierMetrics {
  const registers = [registry];
  return {
    attempts: new Counter({
      name: 'candlecast_gateway_webhook_attempts_total',
      help: 'Tries to deliver to a webhook: delivered, retried (failed, will be tried again) or dead (given up).',
      labelNames: ['result'],
      registers,
    }),
    queued: new Counter({
      name: 'candlecast_gateway_webhook_queued_total',
      help: 'Events that were queued for a webhook, by kind.',
      labelNames: ['event'],
      registers,
    }),
    dropped: new Counter({
      name: 'candlecast_gateway_webhook_dropped_total',
      help: 'Events that were not queued because too many waited for their webhook already.',
      registers,
    }),
    missed: new Counter({
      name: 'candlecast_gateway_webhook_missed_total',
      help: 'Log entries that were gone before they could be looked at for webhooks.',
      registers,
    }),
    underWay: new Gauge({ name: 'candlecast_gateway_webhook_under_way', help: 'Deliveries that are being sent.', registers }),
    isDelivering: new Gauge({
      name: 'candlecast_gateway_webhook_courier',
      help: '1 in the gateway process that delivers webhooks, else 0.',
      registers,
    }),
  };
}
