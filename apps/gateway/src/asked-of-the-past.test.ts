import { addMs, type EpochMs, MINUTE_MS, SECOND_MS, toEpochMs, toIso } from '@candlecast/domain';
import { createInstrumentReader } from '@candlecast/store';
import fc from 'fast-check';
import type { GraphQLObjectType } from 'graphql';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplayCounts } from './replay/replay-counts.ts';
import { LAST_KEY, toReplayCursor } from './replay/replay-cursor.ts';
import { createReplays } from './replay/replays.ts';
import { schema } from './schema/schema.ts';
import { EVENTFUL, type LivedInstrument, listLived, type MarketDeed, marketDeeds } from './testing/lived-market.ts';
import { post } from './testing/post.ts';
import { toReplaySources } from './testing/replay-rig.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { startTestMarket, type TestMarket } from './testing/test-market.ts';
import { leavesOf, selectWhole } from './testing/whole-selection.ts';

let market: TestMarket;
let url: string;
beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
});
afterAll(() => market.stop());

/** A moment at which something is asked about an instrument. */
interface Moment {
  readonly of: LivedInstrument;
  readonly at: EpochMs;
}

/** Arguments of every query that can be asked of the past; each list is of things to ask. `knownAt` is what makes it the past. */
const QUERIES: Readonly<Record<string, (moment: Moment) => readonly string[]>> = {
  bars: ({ of, at }) => {
    const bars = `symbol: "${of.id}", to: ${Math.floor(at / SECOND_MS) + 86_400}, countback: 40, ${knownAt(at)}`;
    return [
      `interval: "1m", ${bars}`,
      `interval: "15m", ${bars}`,
      `interval: "5m", fill: PREVIOUS_CLOSE, ${bars}`,
      `interval: "1h", fill: NULL, ${bars}`,
    ];
  },
  candles: ({ of, at }) => {
    const page = `symbol: "${of.id}", last: 40, ${knownAt(at)}`;
    return [
      `interval: "1m", ${page}`,
      `interval: "5m", ${page}`,
      `interval: "1h", fill: PREVIOUS_CLOSE, ${page}`,
      `interval: "1d", ${page}`,
    ];
  },
  externalOverlay: ({ of, at }) =>
    ['FORWARD', 'LINEAR'].map(
      (fill) =>
        `key: "${of.series}", interval: "1m", fill: ${fill}, from: "${toIso(of.begin)}", to: "${toIso(addMs(of.begin, 9 * MINUTE_MS))}", knownAt: "${toIso(at)}"`,
    ),
  externalSeries: ({ of, at }) => [`key: "${of.series}", knownAt: "${toIso(at)}"`],
  forecastPath: ({ of, at }) => [`symbol: "${of.id}", at: "${toIso(at)}"`],
  forecasts: ({ of, at }) => [`symbol: "${of.id}", last: 200, ${knownAt(at)}`],
  freshness: ({ of, at }) => [`symbols: ["${of.id}"], ${knownAt(at)}`],
  gaps: ({ of, at }) => [
    `symbol: "${of.id}", ${knownAt(at)}`,
    `symbol: "${of.id}", isResolved: false, ${knownAt(at)}`,
    `symbol: "${of.id}", isResolved: true, ${knownAt(at)}`,
  ],
  latestForecasts: ({ of, at }) => [`symbols: ["${of.id}"], ${knownAt(at)}`],
  ledgerHead: ({ at }) => [`venue: SIM, at: "${toIso(at)}"`],
  marketSummary: ({ of, at }) => [`symbols: ["${of.id}"], ${knownAt(at)}`],
  models: ({ of, at }) =>
    ['', 'role: BASELINE,', 'role: SERVING,', 'role: CHALLENGER,', 'role: RETIRED,'].map(
      (role) => `symbol: "${of.id}", ${role} ${knownAt(at)}`,
    ),
  signals: ({ of, at }) => [`symbols: ["${of.id}"], ${knownAt(at)}`],
  topOfBook: ({ of, at }) => [`symbols: ["${of.id}"], ${knownAt(at)}`],
  trackRecord: ({ of, at }) => ['DAYS_7', 'ALL'].map((window) => `symbol: "${of.id}", window: ${window}, ${knownAt(at)}`),
};
const knownAt = (at: EpochMs) => `asOf: { knownAt: "${toIso(at)}" }`;

/** Subscriptions that play durable events from the beginning up to the moment, and stand still there. */
const DURABLE: Readonly<Record<string, (of: LivedInstrument) => readonly string[]>> = {
  candles: ({ id }) => ['1m', '5m', '1h'].map((interval) => `symbols: ["${id}"], interval: "${interval}", closedOnly: true`),
  forecasts: ({ id }) => [`symbols: ["${id}"]`],
};
/** Subscriptions to newest values: what they look at is asked without the socket, so that a look is known to be over. */
const LATEST = ['feedStatus', 'marketSummary', 'topOfBook', 'trades'] as const;

const CANDLE_LEAVES = leavesOf(selectWhole(schema.getType('Candle') as GraphQLObjectType));
/** Places in the log of the present, by which a reader goes on behind what it has read. */
const LEFT_OUT = ['Bars.cursor', 'StreamHeartbeat.cursor'];

/** Leaves that none of these histories shows. */
const NEVER_SHOWN = [
  // Null in the past: nobody kept them.
  ...['freshness.feedState', 'freshness.ingestLagMs', 'freshness.state', 'gaps.edges.node.attempts', 'gaps.edges.node.lastAttemptAt'],
  // Of the present alone, or of what lies before the first candle.
  ...['bars.revision', 'bars.nextTime'],
  // Bounds need ten days of scores.
  ...['.lower', '.upper'].flatMap((bound) => ['skill', 'coverage', 'hitRate', 'maeRatio'].map((of) => `${of}${bound}`)),
  // The newest forecast is void only where the market stops.
  'latestForecasts.resolution.voidReason',
  // A reader from the beginning on gets no snapshot, and is not reset.
  ...['stream.at', 'stream.code', 'stream.message'],
  ...CANDLE_LEAVES.map((leaf) => `stream.candles.${leaf}`),
];

/** Histories that are made up at random, each unlike the others. */
const RUNS = Number(process.env.PAST_RUNS ?? 8);

type Answers = Readonly<Record<string, unknown>>;

/** Asks everything as of a moment. */
async function askAll(moment: Moment): Promise<Answers> {
  const answers: Record<string, unknown> = {};
  for (const [name, toArguments] of Object.entries(QUERIES)) {
    const field = schema.getQueryType()?.getFields()[name];
    if (!field) throw new Error(`there is no query ${name}`);
    for (const [index, args] of toArguments(moment).entries()) {
      const { data, errors } = await post(url, `{ ${name}(${args}) ${selectWhole(field.type, LEFT_OUT)} }`);
      const codes = errors.map(({ extensions }) => extensions.code);
      // That there is no path yet is an answer, too.
      expect(codes, `${name}(${args})`).toEqual(name === 'forecastPath' && codes.length > 0 ? ['NOT_FOUND'] : []);
      answers[`${name}[${index}]`] = codes.length > 0 ? codes : data[name];
    }
  }
  for (const [name, toArguments] of Object.entries(DURABLE)) {
    for (const [index, args] of toArguments(moment.of).entries()) answers[`${name} stream[${index}]`] = await play(name, args, moment);
  }
  return { ...answers, ...(await lookAtLatest(moment)) };
}

/** What a subscription sends of everything from the beginning up to the moment, where its clock stands still. */
async function play(name: string, args: string, { of, at }: Moment): Promise<unknown[]> {
  const field = schema.getSubscriptionType()?.getFields()[name];
  if (!field) throw new Error(`there is no subscription ${name}`);
  const variables = { after: toReplayCursor({ time: addMs(of.begin, -1), key: LAST_KEY }), clock: { replayFrom: toIso(at), speed: 0 } };
  const query = `subscription ($after: Cursor, $clock: ClockInput) { ${name}(${args}, after: $after, clock: $clock) ${selectWhole(field.type, LEFT_OUT)} }`;
  const reader = new AbortController();
  const events: unknown[] = [];
  for await (const { data, errors } of subscribeOverSse(url, query, variables, reader.signal)) {
    expect(errors ?? []).toEqual([]);
    const event = data?.[name];
    // It says that everything up to the moment was sent.
    if (event?.__typename === 'StreamHeartbeat') break;
    events.push(event);
  }
  reader.abort();
  return events;
}

/** What is seen of newest values in two looks: one a minute before the moment, one at it. */
async function lookAtLatest({ of, at }: Moment): Promise<Answers> {
  const instrument = await createInstrumentReader(market.database).findInstrument(of.id);
  if (!instrument) throw new Error('the instrument is not there');
  const answers: Record<string, unknown[]> = {};
  for (const name of LATEST) {
    let wall = toEpochMs(0);
    let looks = 0;
    const gone = new AbortController();
    const sources = toReplaySources(market);
    const replays = createReplays({
      ...sources,
      wall: { now: () => wall },
      counts: createReplayCounts(new Registry()),
      async wait() {
        looks += 1;
        wall = addMs(wall, MINUTE_MS);
        if (looks === 2) gone.abort();
      },
    });
    const wish = { replayFrom: addMs(at, -MINUTE_MS), speed: 1, anchoredAt: toEpochMs(0) };
    const viewer = { signal: gone.signal, subject: 'test' };
    const opened = {
      feedStatus: () => replays.feedStatus(wish, 'SIM', viewer),
      marketSummary: () => replays.summaries(wish, [instrument], viewer),
      topOfBook: () => replays.books(wish, [instrument], 0, viewer),
      trades: () => replays.trades(wish, [instrument], viewer),
    }[name];
    const seen: unknown[] = [];
    for await (const value of await opened()) seen.push(value);
    answers[`${name} looks`] = seen;
  }
  return answers;
}

/** Notes of every leaf whether it was ever shown, as `candles.edges.node.close`. */
function noteShown(value: unknown, path: string, into: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) noteShown(each, path, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) noteShown(each, `${path}.${key}`, into);
  } else if (value !== null && value !== undefined) into.add(path);
}

/** Lives through a history, asks everything at some of its moments as soon as they are there, and again when all is over. Returns the leaves that were shown. */
async function expectSame(history: readonly MarketDeed[], picks: readonly number[]): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  const of = await listLived(market);
  const asked: { readonly moment: Moment; readonly first: Answers; readonly after: string }[] = [];
  for (const [index, deed] of history.entries()) {
    const at = await of.live(deed);
    if (!picks.some((pick) => pick % history.length === index)) continue;
    const moment = { of, at };
    asked.push({ moment, first: await askAll(moment), after: `${index}. ${JSON.stringify(deed)}` });
  }
  for (const { moment, first, after } of asked) {
    const again = await askAll(moment);
    for (const name of Object.keys(first)) expect(again[name], `${name}, as of the moment after ${after}`).toEqual(first[name]);
    for (const [name, answer] of Object.entries(first)) noteShown(answer, name.replace(/\[\d+\]$/, ''), shown);
  }
  return shown;
}

describe('what is asked of the past', () => {
  it('is every field that can be asked of it', () => {
    expect(Object.keys(QUERIES).sort()).toEqual(withArgument(schema.getQueryType(), 'asOf', 'knownAt', 'at'));
    expect([...Object.keys(DURABLE), ...LATEST].sort()).toEqual(withArgument(schema.getSubscriptionType(), 'clock'));
  });

  it('is the same in every field after a history that shows every leaf', async () => {
    const shown = await expectSame(EVENTFUL, [8, 11, 13, 16, 22, 25, 27, 30, EVENTFUL.length - 1]);
    const missing = listSelected().filter((leaf) => !shown.has(leaf) && !NEVER_SHOWN.some((end) => leaf.endsWith(end)));
    expect(missing.join('\n')).toBe('');
  }, 600_000);

  it('is the same in every field, whatever has been written since', async () => {
    await fc.assert(
      fc.asyncProperty(marketDeeds, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), async (history, picks) => {
        await expectSame(history, picks);
      }),
      { numRuns: RUNS },
    );
  }, 600_000);
});

/** Every leaf that is asked for, as `candles.edges.node.close`. */
function listSelected(): string[] {
  return [
    ...Object.keys(QUERIES).map((name) => [name, name, schema.getQueryType()] as const),
    ...Object.keys(DURABLE).map((name) => [name, `${name} stream`, schema.getSubscriptionType()] as const),
  ].flatMap(([name, path, root]) => {
    const field = root?.getFields()[name];
    return field ? leavesOf(selectWhole(field.type, LEFT_OUT)).map((leaf) => `${path}.${leaf}`) : [];
  });
}

function withArgument(root: GraphQLObjectType | null | undefined, ...names: readonly string[]): string[] {
  return Object.values(root?.getFields() ?? {})
    .filter(({ args }) => args.some(({ name }) => names.includes(name)))
    .map(({ name }) => name)
    .sort();
}
