import type { GraphiQLOptions } from 'graphql-yoga';
import { GUIDE } from '../../generated/guide.ts';

/** GraphiQL as one page that needs nothing from elsewhere. */
export interface Graphiql {
  readonly options: GraphiQLOptions;
  render(): string;
}

/** Loads the page (some megabytes, so only where it is shown). */
export async function loadGraphiql(): Promise<Graphiql> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = String(renderGraphiQL(OPTIONS));
  return { options: OPTIONS, render: () => page };
}

const LIVE = `# A snapshot first, then every change. Copy a cursor, stop, put it in place of the snapshot (after: "…"): it goes on exactly there.
subscription Live {
  candles(symbols: ["BTCUSDT", "ETHUSDT"], interval: "1m", snapshot: 2) {
    __typename
    ... on CandleSnapshot { symbol cursor candles { openTime close } }
    ... on CandleUpdate { symbol candle { openTime close baseVolume } }
    ... on CandleClosed { symbol cursor candle { openTime close } }
    ... on StreamHeartbeat { at cursor }
  }
}
`;

/** It opens with one tab for each document of the API guide, and one that is live. */
const OPTIONS: GraphiQLOptions = {
  title: 'Candlecast',
  subscriptionsProtocol: 'WS',
  defaultTabs: [LIVE, ...GUIDE.documents].map((query) => ({ query })),
};
