import { addMs, DAY_MS, type EpochMs, type ForecastOutcome, HORIZONS, MINUTE_MS } from '@candlecast/domain';
import type { ForecastStreamRequest } from '../live/forecast-stream.ts';
import type { ForecastEvent } from '../live/stream-events.ts';
import type { ForecastNode } from '../market/forecast-nodes.ts';
import { toHindcastNode } from '../market/hindcast-node.ts';
import { floorToDay } from '../market/track-window.ts';
import { type KnownForecastEntry, readKnownForecasts } from './known-pages.ts';
import { loadPresent } from './load-present.ts';
import type { KnownPage } from './play.ts';
import { playToPresent } from './play-to-present.ts';
import type { ReplayClock } from './replay-clock.ts';
import { LAST_KEY, parseReplayCursor, type ReplayPlace, toReplayCursor } from './replay-cursor.ts';
import type { ReplaySources } from './replay-sources.ts';

/** Minutes of all instruments together that are read ahead: each has a forecast and an outcome of several horizons and models. */
const MINUTES_AHEAD = 120;

/** What became known, and its forecast as it is shown. */
type Shown = KnownForecastEntry & { readonly node?: ForecastNode };

/** Opens a replay of forecasts; throws CURSOR_INVALID for a cursor of anything else. Nothing runs before the first event is asked for. */
export function openForecastReplay(
  sources: ReplaySources,
  request: ForecastStreamRequest,
  { clock }: { readonly clock: ReplayClock },
): (signal: AbortSignal) => AsyncGenerator<ForecastEvent, void, undefined> {
  const after = request.after === undefined ? undefined : parseReplayCursor(request.after);
  return (signal) => replayForecasts(sources, request, { after, clock }, signal);
}

async function* replayForecasts(
  sources: ReplaySources,
  { instruments, horizons }: ForecastStreamRequest,
  { after, clock }: { readonly after: ReplayPlace | undefined; readonly clock: ReplayClock },
  signal: AbortSignal,
): AsyncGenerator<ForecastEvent, void, undefined> {
  const instrumentIds = instruments.map(({ id }) => id);
  const wanted = { instrumentIds, horizons: horizons.length > 0 ? horizons : HORIZONS };
  const present = () => loadPresent(sources.venues, instruments);
  const start = after ?? { time: Math.min(clock.now(), await present()) as EpochMs, key: LAST_KEY };
  let reached: ReplayPlace = start;

  async function readPage(place: ReplayPlace, until: EpochMs): Promise<KnownPage<Shown>> {
    const { entries, isWhole } = await readKnownForecasts(sources.replay, wanted, place, until);
    return { entries: await show(sources, entries), isWhole };
  }

  yield* playToPresent<Shown, ForecastEvent>({
    clock,
    present,
    start,
    readPage,
    aheadMs: Math.max(1, Math.floor(MINUTES_AHEAD / instrumentIds.length)) * MINUTE_MS,
    play(entry) {
      reached = { time: entry.time, key: entry.key };
      return toEvents(entry);
    },
    heartbeatMs: sources.heartbeatMs,
    signal,
    elapsed: sources.elapsed,
    wait: sources.wait,
    position: () => sources.log.head(),
    reached: () => reached,
  });
}

function toEvents(entry: Shown): ForecastEvent[] {
  const cursor = toReplayCursor(entry);
  if ('reason' in entry) {
    const { instrumentId: symbol, from, to, reason, isResolved } = entry;
    return [{ __typename: 'StreamGap', symbol, interval: '1m', from, to, reason, isResolved, cursor }];
  }
  if (!entry.node) return [];
  if ('hindcast' in entry) return [{ __typename: 'ForecastIssued', forecast: entry.node, head: null, cursor }];
  if (entry.resolution) return [{ __typename: 'ForecastResolved', forecast: entry.node, cursor }];
  return [{ __typename: 'ForecastIssued', forecast: entry.node, head: entry.head, cursor }];
}

/**
 * Makes the nodes of a page. Each is as it was known when it became known: the skill beside a forecast counts whole days, so that all of one day
 * share one look at the record.
 */
async function show({ nodes }: ReplaySources, entries: readonly KnownForecastEntry[]): Promise<Shown[]> {
  const shown = new Map<KnownForecastEntry, ForecastNode>();
  for (const day of new Set(entries.map(({ time }) => floorToDay(time)))) {
    const known = entries.flatMap((entry) => ('forecast' in entry && floorToDay(entry.time) === day ? [entry] : []));
    const made = await nodes.ofOutcomes(known satisfies ForecastOutcome[], { kind: 'knownAt', at: addMs(day, DAY_MS - 1) });
    for (const [index, entry] of known.entries()) {
      const node = made[index];
      if (node) shown.set(entry, node);
    }
  }
  return entries.map((entry) => {
    const node = 'hindcast' in entry ? toHindcastNode(entry.hindcast) : shown.get(entry);
    return node ? { ...entry, node } : entry;
  });
}
