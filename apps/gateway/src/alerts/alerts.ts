import type { AlertBook, AlertRegister, CandleReader, EventLog, ForecastReader } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Registry } from 'prom-client';
import type { LatestValues } from '../live/latest-values.ts';
import type { Venues } from '../market/venues.ts';
import { type AlertDesk, createAlertDesk } from './alert-desk.ts';
import { ALERT_KINDS } from './alert-kinds.ts';
import { createAlertMetrics } from './alert-metrics.ts';
import { runWatch } from './watch.ts';

/** What alerts are kept in. */
export interface AlertPorts {
  readonly register: AlertRegister;
  readonly book: AlertBook;
}

/** What alerts are made of. */
export interface AlertsOptions extends AlertPorts {
  readonly log: EventLog;
  readonly latest: LatestValues;
  readonly candles: CandleReader;
  readonly forecasts: ForecastReader;
  readonly venues: Venues;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Returns where clients have their alerts, and begins to evaluate, or to wait for its turn, until `signal` aborts; `done` is the end of that. */
export function startAlerts(options: AlertsOptions): { readonly desk: AlertDesk; readonly done: Promise<void> } {
  const { registry, latest } = options;
  const done = runWatch({
    ...options,
    kinds: ALERT_KINDS,
    metrics: createAlertMetrics(registry),
    findFeed: (venue) => latest.find('feed.status', venue),
  });
  return { desk: createAlertDesk(options), done };
}
