import { createMetrics } from '@candlecast/telemetry';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { FanoutSize } from '../live/fanout.ts';
import type { FanoutCounts } from '../live/room.ts';

/** What the gateway counts. */
export interface GatewayMetrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram;
  readonly sockets: Gauge;
  readonly slowReaders: Counter<'transport'>;
  /** What is executed once and sent to many. */
  readonly fanout: FanoutCounts;
  /** Shows how much is shared at the moment, whenever the metrics are read. */
  showFanout(size: () => FanoutSize): void;
}

/** Returns the gateway's metrics beside the process's own. */
export function createGatewayMetrics(): GatewayMetrics {
  const registry = createMetrics();
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name: `candlecast_gateway_fanout_${name}_total`, help, registers });
  const executed = counter('executions', 'Events executed and serialised for all that ask the same.');
  const delivered = counter('deliveries', 'Shared events sent to subscriptions.');
  const conflated = counter('conflated', 'Newest values replaced by newer ones before a slow reader had room.');
  const dropped = counter('dropped', 'Events that add up and did not fit a slow reader.');
  const behind = counter('behind', 'Subscriptions sent back to the log because they did not keep up.');
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
    fanout: {
      executed: () => executed.inc(),
      delivered: (count) => delivered.inc(count),
      conflated: (count) => conflated.inc(count),
      dropped: (count) => dropped.inc(count),
      fellBehind: (count) => behind.inc(count),
    },
    showFanout(size) {
      const gauge = (what: keyof FanoutSize, help: string) =>
        new Gauge({
          name: `candlecast_gateway_fanout_${what}`,
          help,
          registers,
          collect() {
            this.set(size()[what]);
          },
        });
      gauge('cohorts', 'Selections that are executed for all that ask the same.');
      gauge('topics', 'Topics of all selections.');
      gauge('members', 'Subscriptions that share.');
      gauge('queued', 'Pieces of work that wait.');
    },
  };
}
