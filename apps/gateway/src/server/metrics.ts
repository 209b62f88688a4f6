import { createMetrics } from '@candlecast/telemetry';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the gateway counts. */
export interface GatewayMetrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram;
  readonly sockets: Gauge;
  readonly slowReaders: Counter<'transport'>;
}

/** Returns the gateway's metrics beside the process's own. */
export function createGatewayMetrics(): GatewayMetrics {
  const registry = createMetrics();
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'candlecast_gateway_http_seconds',
      help: 'Time from a request to the end of its answer, in seconds; of a stream, its length.',
      buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 60, 600],
      registers,
    }),
    sockets: new Gauge({ name: 'candlecast_gateway_websockets', help: 'Open WebSockets.', registers }),
    slowReaders: new Counter({
      name: 'candlecast_gateway_slow_readers_total',
      help: 'Readers that were cut because they did not keep up.',
      labelNames: ['transport'],
      registers,
    }),
  };
}
