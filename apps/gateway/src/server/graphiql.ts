import type { GraphiQLOptions } from 'graphql-yoga';

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

const TABS = [
  `# The newest three hours of a pair, exact, with the proof of completeness.
query Candles {
  candles(symbol: "BTCUSDT", interval: "1h", last: 3) {
    edges { node { openTime open high low close baseVolume isClosed } }
    certificate { expected present missing coverage gaps { from to reason } }
  }
}
`,
  `# A snapshot first, then every change. Copy a cursor, stop, put it in place of the snapshot (after: "…"): it goes on exactly there.
subscription Live {
  candles(symbols: ["BTCUSDT", "ETHUSDT"], interval: "1m", snapshot: 2) {
    __typename
    ... on CandleSnapshot { symbol cursor candles { openTime close } }
    ... on CandleUpdate { symbol candle { openTime close baseVolume } }
    ... on CandleClosed { symbol cursor candle { openTime close } }
    ... on StreamHeartbeat { at cursor }
  }
}
`,
  `# What the models say about the next hours. Not financial advice.
query Forecasts {
  latestForecasts(symbols: ["BTCUSDT"], horizons: ["1h", "4h"]) {
    horizon asOf targetTime timing refPrice pUp
    quantiles { level value }
    model { name version kind sha256 }
    disclaimer
  }
}
`,
  `# Every tracked pair at a glance.
query Market {
  marketSummary { symbol lastPrice changePercent24h high24h low24h quoteVolume24h }
  freshness { symbol state feedState stalenessMs openGaps }
}
`,
];

/** It opens with one tab for each thing that people come for. */
const OPTIONS: GraphiQLOptions = {
  title: 'Candlecast',
  subscriptionsProtocol: 'WS',
  defaultTabs: TABS.map((query) => ({ query })),
};
