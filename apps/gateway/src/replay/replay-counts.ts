import { Counter, Gauge, type Registry } from 'prom-client';

/** What is counted of replays. */
export interface ReplayCounts {
  readonly playing: Gauge;
  readonly started: Counter;
}

/** Returns the replays' metrics. */
export function createReplayCounts(registry: Registry): ReplayCounts {
  const registers = [registry];
  return {
    playing: new Gauge({ name: 'candlecast_gateway_replays', help: 'Subscriptions that are being played from the past.', registers }),
    started: new Counter({ name: 'candlecast_gateway_replays_total', help: 'Subscriptions that were played from the past.', registers }),
  };
}
