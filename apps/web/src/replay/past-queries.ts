import { addMs, BARS_A_CHUNK, chunkMs, type EpochMs, type Interval, intervalMs, parseInterval, SECOND_MS, toIso } from '@candlecast/domain';
import { type Client, formatDocument, stringifyDocument } from '@urql/core';
import type { DocumentNode } from 'graphql';
import {
  PastBarsDocument,
  PastGapsDocument,
  PastLatestForecastsDocument,
  PastMarketDocument,
  PastWorkspaceDocument,
} from '../graphql/documents/replay.ts';

type Values = Readonly<Record<string, unknown>>;
/** Asks the live gateway; without a document the query as the page wrote it. */
type Ask = (variables: Values, document?: DocumentNode) => Promise<Values>;
type Answer = (variables: Values, moment: EpochMs, ask: Ask) => Promise<Values>;

/** Queries of the page that take the moment themselves, and those about what no moment changes. */
const TAKE_AS_OF: readonly string[] = ['ForecastCards', 'TrackRecord', 'ForecastHistory', 'NextHour'];
const TIMELESS: readonly string[] = ['PanePair', 'Search'];

const ANSWERS: Readonly<Record<string, Answer>> = {
  Workspace: async (_, moment, ask) => toRunning(await ask({ asOf: { eventTime: toIso(moment) } }, PastWorkspaceDocument)),
  Market: async (_, moment, ask) => toRunning(await ask({ asOf: { eventTime: toIso(moment) } }, PastMarketDocument)),
  Gaps: (variables, moment, ask) => ask({ ...variables, asOf: { knownAt: toIso(moment) } }, PastGapsDocument),
  LatestForecasts: ({ symbol }, moment, ask) => ask({ symbol, asOf: { knownAt: toIso(moment) } }, PastLatestForecastsDocument),
  RecentTrades: ({ symbol, last }, moment, ask) => ask({ symbol, last, to: toIso(moment) }),
  BarChunks: async ({ symbol, interval }, moment, ask) => {
    const length = intervalMs(toInterval(interval));
    const to = toSeconds(addMs(moment, length));
    const asOf = { knownAt: toIso(moment) };
    const { bars } = (await ask({ symbol, interval, to, countback: BARS_A_CHUNK, asOf }, PastBarsDocument)) as {
      readonly bars: { readonly t: readonly number[] };
    };
    return { barChunks: { __typename: 'BarChunks', chunks: [], tailFrom: bars.t[0] ?? null, tail: bars, cursor: null } };
  },
  // History that is scrolled to, a chunk's length at a time. What is shown already is not asked for again: the stream tells its changes.
  ChunkNames: async ({ interval, to }) => {
    const chunks = typeof to === 'number' ? [pastChunk(to, toInterval(interval))] : [];
    return { barChunks: { __typename: 'BarChunks', chunks } };
  },
  Chunk: async ({ symbol, interval, from, to }, moment, ask) => {
    const { bars } = await ask({ symbol, interval, from, to, asOf: { knownAt: toIso(moment) } }, PastBarsDocument);
    return { bars: { ...(bars as Values), revision: null } };
  },
};

/**
 * Answers a query of the page as of `moment`, by asking the live gateway through `client`. Throws for a query that has no past, so that
 * nothing of the present is ever shown in a replay.
 */
export async function answerFromThePast(
  client: Client,
  { name, document, variables }: { readonly name: string; readonly document: string; readonly variables: Values },
  moment: EpochMs,
): Promise<Values> {
  const ask: Ask = async (values, asked) => {
    // The page's cache takes objects with their types only, and a client leaves out those that it has asked for by itself: the text asks for them.
    const wanted = asked ? stringifyDocument(formatDocument(asked)) : document;
    const { data, error } = await client.query(wanted, { ...values }, { requestPolicy: 'network-only' }).toPromise();
    if (error || !data) throw error ?? new Error('the gateway answered without data');
    return data as Values;
  };
  const answer = ANSWERS[name];
  if (answer) return answer(variables, moment, ask);
  if (TAKE_AS_OF.includes(name)) return ask({ ...variables, asOf: { knownAt: toIso(moment) } });
  if (name === 'ForecastPath') return ask({ ...variables, at: toIso(moment) });
  if (TIMELESS.includes(name)) return ask(variables);
  throw new Error(`${name} has no past: it is not shown in a replay`);
}

/** The state of a series and its feed is not kept. A replay takes those of which there was data for running. */
function toRunning(data: Values): Values {
  const rows = data.freshness as readonly { readonly lastEventAt: string | null }[];
  return {
    ...data,
    freshness: rows.map((row) => {
      const state = row.lastEventAt === null ? null : 'LIVE';
      return { ...row, state, feedState: state };
    }),
  };
}

function pastChunk(to: number, interval: Interval) {
  return { __typename: 'BarChunk', from: to - chunkMs(interval) / SECOND_MS, to, revision: null };
}

function toSeconds(time: EpochMs): number {
  return Math.floor(time / SECOND_MS);
}

function toInterval(value: unknown): Interval {
  const interval = parseInterval(`${value}`);
  if (!interval) throw new RangeError(`"${value}" is not an interval`);
  return interval;
}
