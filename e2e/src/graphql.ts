/** Sends a GraphQL request over HTTP and returns its data; throws with the errors as the server sent them. */
export async function request<T>(url: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = (await response.json()) as { data?: T; errors?: unknown };
  if (body.errors || !body.data) throw new Error(`GraphQL answered ${response.status}: ${JSON.stringify(body.errors)}`);
  return body.data;
}

/** A candle as the API shows it. */
export interface ApiCandle {
  readonly openTime: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly baseVolume: string;
  readonly quoteVolume: string | null;
  readonly tradeCount: number | null;
  readonly takerBuyBaseVolume: string | null;
  readonly takerBuyQuoteVolume: string | null;
  readonly isClosed: boolean;
}

interface CandlePage {
  readonly candles: {
    readonly edges: readonly { readonly node: ApiCandle }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const CANDLES = /* GraphQL */ `
  query Candles($symbol: ID!, $interval: Interval!, $from: DateTime, $to: DateTime, $after: String) {
    candles(symbol: $symbol, interval: $interval, from: $from, to: $to, first: 5000, after: $after) {
      edges {
        node {
          openTime open high low close baseVolume quoteVolume tradeCount takerBuyBaseVolume takerBuyQuoteVolume isClosed
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

/** Reads every candle of a range, page by page, oldest first. */
export async function readCandles(url: string, symbol: string, interval: string, from: number, to: number): Promise<ApiCandle[]> {
  const candles: ApiCandle[] = [];
  let after: string | null = null;
  for (;;) {
    const page: CandlePage = await request<CandlePage>(url, CANDLES, {
      symbol,
      interval,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      after,
    });
    candles.push(...page.candles.edges.map(({ node }) => node));
    if (!page.candles.pageInfo.hasNextPage) return candles;
    after = page.candles.pageInfo.endCursor;
  }
}
