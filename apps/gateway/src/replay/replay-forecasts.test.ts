import {
  addMs,
  type EpochMs,
  type Forecast,
  type Horizon,
  type Instrument,
  type Model,
  type Resolution,
  toStreamCursor,
} from '@candlecast/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForecastEvent, ForecastIssuedEvent, ForecastResolvedEvent } from '../live/stream-events.ts';
import { type ForecastDeed, forecastDeeds, liveThroughForecasts } from '../testing/forecast-history.ts';
import { stepping, toReplaySources } from '../testing/replay-rig.ts';
import { startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { openForecastReplay } from './replay-forecasts.ts';
import type { ReplaySources } from './replay-sources.ts';

let market: TestMarket;
let sources: ReplaySources;
let models: Model[];

beforeAll(async () => {
  market = await startTestMarket();
  sources = toReplaySources(market);
  const facts = { artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {}, version: '1' };
  models = [
    await market.forecasts.saveModel({ ...facts, name: 'ewma', kind: 'BASELINE', sha256: null }),
    await market.forecasts.saveModel({ ...facts, name: 'lstm', kind: 'LSTM', sha256: 'a'.repeat(64) }),
  ];
});
afterAll(() => market.stop());

type Played = ForecastIssuedEvent | ForecastResolvedEvent;
const isForecast = (event: ForecastEvent): event is Played =>
  event.__typename === 'ForecastIssued' || event.__typename === 'ForecastResolved';

/** Everything that an event can show of a forecast. */
async function show(event: Omit<Played, 'cursor'>): Promise<unknown> {
  const { loadResolution, loadSkill, ...said } = event.forecast;
  const head = event.__typename === 'ForecastIssued' ? (event as ForecastIssuedEvent).head : null;
  return { kind: event.__typename, head, said, resolution: await loadResolution(), skill: await loadSkill() };
}

/** Lives through a history and notes, when each event has just been logged, what could be known of it at that moment. */
async function liveAndNote(history: readonly ForecastDeed[]) {
  const noted: unknown[] = [];
  let position = await market.log.head();
  const lived = await liveThroughForecasts(market, models, history, async ({ id }, at) => {
    const events = await market.log.read({ after: position, limit: 10_000, keys: [id] });
    position = await market.log.head();
    for (const event of events) {
      if (event.topic !== 'forecast.issued' && event.topic !== 'forecast.resolved') continue;
      expect(event.at).toBeLessThanOrEqual(at);
      const resolution: Resolution | null = event.topic === 'forecast.resolved' ? event.payload.resolution : null;
      const outcome: { forecast: Forecast; resolution: Resolution | null } = { forecast: event.payload.forecast, resolution };
      const [forecast] = await sources.nodes.ofOutcomes([outcome], { kind: 'knownAt', at: event.at });
      if (!forecast) throw new Error('no node');
      const __typename = event.topic === 'forecast.issued' ? 'ForecastIssued' : 'ForecastResolved';
      const head = event.topic === 'forecast.issued' ? (event.payload.head ?? null) : null;
      noted.push(await show({ __typename, forecast, head } as Omit<Played, 'cursor'>));
    }
  });
  return { ...lived, noted };
}

/** Plays everything and checks each event against the clock as it comes. */
async function play(
  instrument: Instrument,
  { begin, end, steps, after, horizons = [] }: { begin: EpochMs; end: EpochMs; steps: number[]; after?: string; horizons?: Horizon[] },
): Promise<ForecastEvent[]> {
  const clock = stepping(addMs(begin, -1), steps);
  const played: ForecastEvent[] = [];
  const request = { instruments: [instrument], horizons, after };
  const from = { ...sources, venues: { ...sources.venues, now: async () => end } };
  for await (const event of openForecastReplay(from, request, { clock })(new AbortController().signal)) {
    played.push(event);
    const now = clock.last();
    if (event.__typename === 'StreamGap') expect(event.to).toBeLessThanOrEqual(now);
    if (!isForecast(event)) continue;
    expect(event.forecast.asOf).toBeLessThanOrEqual(now);
    expect(event.forecast.issuedAt).toBeLessThanOrEqual(now);
    if (event.__typename === 'ForecastIssued') expect(event.head?.at).toBeLessThanOrEqual(now);
    expect((await event.forecast.loadResolution())?.resolvedAt ?? 0).toBeLessThanOrEqual(now);
  }
  return played;
}

const steps = fc.array(fc.integer({ min: 60_000, max: 40_000_000 }), { minLength: 1, maxLength: 6 });

describe('a replay of forecasts', () => {
  it('says what the log said, in its order, and in no field anything that was known later', async () => {
    await fc.assert(
      fc.asyncProperty(forecastDeeds, steps, async (history, steps) => {
        const { instrument, noted, ...span } = await liveAndNote(history);
        const events = (await play(instrument, { ...span, steps })).filter(isForecast);
        expect(await Promise.all(events.map(show))).toEqual(noted);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('goes on behind any of its cursors as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(forecastDeeds, steps, fc.nat(), async (history, steps, pick) => {
        const { instrument, ...span } = await liveAndNote(history);
        const all = (await play(instrument, { ...span, steps })).filter(isForecast);
        if (all.length === 0) return;
        const at = pick % all.length;
        const rest = (await play(instrument, { ...span, steps, after: all[at]?.cursor ?? '' })).filter(isForecast);
        expect(rest.map(({ cursor }) => cursor)).toEqual(all.slice(at + 1).map(({ cursor }) => cursor));
      }),
      { numRuns: 10 },
    );
  }, 120_000);

  it('plays the horizons asked for and the gaps between, and hands over to the live stream', async () => {
    const { instrument, ...span } = await liveAndNote([
      { do: 'issue', horizons: ['15m', '1h'], lateMs: 0 },
      { do: 'wait', minutes: 40 },
      { do: 'lose' },
      { do: 'wait', minutes: 1_600 },
      { do: 'resolve' },
    ]);
    const events = await play(instrument, { ...span, steps: [60_000], horizons: ['15m'] });
    const shown = await Promise.all(
      events.map(async (event) =>
        event.__typename === 'ForecastResolved' ? `resolved ${(await event.forecast.loadResolution())?.voidReason}` : event.__typename,
      ),
    );
    const heartbeats = shown.filter((each) => each === 'StreamHeartbeat').length;
    expect(shown.filter((each) => each !== 'StreamHeartbeat')).toEqual([
      ...['ForecastIssued', 'ForecastIssued', 'StreamGap'],
      ...['resolved CONFIRMED_EMPTY', 'resolved CONFIRMED_EMPTY'],
    ]);
    expect(heartbeats).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({ __typename: 'StreamHeartbeat', cursor: toStreamCursor(await market.log.head()) });
  });

  it('takes no cursor of another kind', async () => {
    const { instrument, ...span } = await liveAndNote([]);
    const after = toStreamCursor(await market.log.head());
    await expect(play(instrument, { ...span, steps: [1_000], after })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });
});
