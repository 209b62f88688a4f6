import { type Horizon, type Instrument, type LogEvent, toStreamCursor } from '@candlecast/domain';
import { toGapEvent, toHeartbeatClock } from './candle-stream.ts';
import { loadResumePosition } from './read-log-after.ts';
import { streamDurable } from './stream-durable.ts';
import type { ForecastEvent } from './stream-events.ts';
import type { StreamReader, StreamSources } from './streams.ts';
import { toSubscription } from './to-subscription.ts';

/** Which forecasts a subscription wants, its arguments checked. */
export interface ForecastStreamRequest {
  /** At least one. */
  readonly instruments: readonly Instrument[];
  /** Empty for every horizon. */
  readonly horizons: readonly Horizon[];
  /** Stream cursor to go on after. */
  readonly after: string | undefined;
}

/** Opens a forecast subscription; rejects with a `CURSOR_…` error when it cannot go on after the cursor. */
export async function openForecastStream(
  sources: StreamSources,
  request: ForecastStreamRequest,
  reader: StreamReader,
): Promise<AsyncGenerator<ForecastEvent>> {
  const { log, nodes, venues } = sources;
  const { instruments, horizons } = request;
  const isResumed = reader.outlet?.resumed !== undefined;
  const after = request.after === undefined || isResumed ? undefined : await loadResumePosition(log, request.after);
  const venue = instruments[0]?.venue ?? 'BINANCE';

  async function toEvent(event: LogEvent): Promise<ForecastEvent | undefined> {
    if (event.topic !== 'forecast.issued' && event.topic !== 'forecast.resolved') return toGapEvent(event, '1m');
    const { forecast } = event.payload;
    if (horizons.length > 0 && !horizons.includes(forecast.horizon)) return undefined;
    // The model is read here, so that nothing is waited for once the event has been handed out.
    const cursor = toStreamCursor(event);
    if (event.topic === 'forecast.resolved') {
      return { __typename: 'ForecastResolved', forecast: await nodes.ofEvent(forecast, event.payload.resolution), cursor };
    }
    const head = event.payload.head ?? null;
    return { __typename: 'ForecastIssued', forecast: await nodes.ofEvent(forecast, null), head, cursor };
  }

  return toSubscription(reader.signal, (signal) =>
    streamDurable<ForecastEvent>(
      sources,
      {
        topics: instruments.map(({ id }) => ({ name: id, logKeys: [id] })),
        logTopics: ['forecast.issued', 'forecast.resolved', 'gap.recorded', 'gap.resolved'],
        personalArgs: ['symbols', 'after'],
        throttleMs: 0,
        after,
        toEvent,
        clock: toHeartbeatClock(venues, venue),
        outlet: reader.outlet,
        cut: (cursor) => reader.cutSlowReader(cursor),
      },
      signal,
    ),
  );
}
