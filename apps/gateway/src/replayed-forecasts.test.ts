import { addMs, SECOND_MS, toIso } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { type SseResult, subscribeOverSse } from './testing/sse.ts';
import { at } from './testing/test-market.ts';

const QUERY = `subscription ($after: Cursor, $clock: ClockInput) {
  forecasts(symbols: ["BTCUSDT"], horizons: ["30m"], after: $after, clock: $clock) {
    __typename
    ... on ForecastIssued { cursor head { seq at } forecast { asOf issuedAt ledgerSeq model { name } resolution { actual } skill { n } } }
    ... on ForecastResolved { cursor forecast { asOf targetTime resolution { actual resolvedAt isReference } skill { n } } }
    ... on StreamHeartbeat { at cursor }
  } }`;

let scored: ScoredMarket;
const readers: AbortController[] = [];

beforeAll(async () => {
  scored = await startScoredMarket();
});
afterAll(() => scored.market.stop());
afterEach(() => {
  scored.market.clock.set(at(40));
  for (const reader of readers.splice(0)) reader.abort();
});

function watch(variables: Record<string, unknown>) {
  const reader = new AbortController();
  readers.push(reader);
  const watched = { results: [] as SseResult[], isOver: false };
  void (async () => {
    try {
      for await (const result of subscribeOverSse(scored.httpUrl, QUERY, variables, reader.signal)) watched.results.push(result);
      watched.isOver = true;
    } catch (cause) {
      if (!reader.signal.aborted) throw cause;
    }
  })();
  return watched;
}

type Shown = { readonly __typename: string; readonly cursor: string; readonly forecast: Record<string, never> };
const eventsOf = ({ results }: { results: readonly SseResult[] }) =>
  results.flatMap(({ data }) => (data?.forecasts ? [data.forecasts as unknown as Shown] : []));
const show = ({ __typename, forecast }: Shown) => `${__typename} ${(Date.parse(forecast?.asOf ?? '') - at(0)) / 60_000}`;
const said = (watched: { results: readonly SseResult[] }) =>
  eventsOf(watched)
    .filter(({ __typename }) => __typename !== 'StreamHeartbeat')
    .map(show);

describe('the forecast stream with a clock', () => {
  it('shows forecasts when they were issued, without what came of them, and outcomes when they were scored', async () => {
    const watched = watch({ clock: { replayFrom: toIso(at(5)), speed: 60 } });
    await eventually(() => expect(eventsOf(watched)[0]?.__typename).toBe('StreamHeartbeat'));
    expect(said(watched)).toEqual([]);
    scored.market.clock.advance(3 * SECOND_MS + 400); // minute 8 and 24 s: the late one of minute 8 came 20 s after its close
    const issued = [6, 6, 7, 7, 8, 8].map((minute) => `ForecastIssued ${minute}`);
    await eventually(() => expect(said(watched)).toEqual(issued));
    for (const { forecast } of eventsOf(watched).filter(({ __typename }) => __typename === 'ForecastIssued')) {
      expect(forecast).toMatchObject({ resolution: null, skill: null });
    }
    scored.market.clock.advance(27 * SECOND_MS); // minute 35
    expect(said(watched)).toEqual(issued);
    scored.market.clock.advance(5 * SECOND_MS);
    await eventually(() => expect(watched.isOver).toBe(true));
    const resolved = [3, 3, 4, 4, 6, 6, 7, 7, 8, 8].map((minute) => `ForecastResolved ${minute}`);
    expect(said(watched).slice(6).sort()).toEqual(resolved);
    const scores = eventsOf(watched).filter(({ __typename }) => __typename === 'ForecastResolved');
    expect(scores[0]?.forecast.resolution).toMatchObject({ actual: '1032.50', resolvedAt: toIso(at(36)), isReference: false });
    expect(scores.every(({ forecast }) => forecast.skill === null)).toBe(true); // their day has not ended
  });

  it('goes on behind its cursors, and ends with one of the live stream', async () => {
    const clock = { replayFrom: toIso(at(2)), speed: 3_600, anchoredAt: toIso(addMs(at(40), -10 * SECOND_MS)) };
    const first = watch({ clock: { ...clock, anchoredAt: toIso(at(40)) } });
    await eventually(() => expect(eventsOf(first)).toHaveLength(1));
    scored.market.clock.advance(SECOND_MS);
    await eventually(() => expect(first.isOver).toBe(true));
    const cursor = eventsOf(first).find(({ __typename }) => __typename === 'ForecastIssued')?.cursor;
    const second = watch({ clock, after: cursor });
    await eventually(() => expect(second.isOver).toBe(true));
    expect(said(second)).toEqual(said(first).slice(1));
    const live = watch({ after: eventsOf(second).at(-1)?.cursor });
    await eventually(() => expect(eventsOf(live)[0]?.__typename).toBe('StreamHeartbeat'));
  });
});
