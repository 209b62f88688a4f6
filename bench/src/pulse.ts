/** What shows that data flows through every app. */
export interface Pulse {
  readonly feedState: string;
  /** ISO-8601; compares as text. */
  readonly lastEventAt: string;
  readonly forecast: { readonly kind: string; readonly asOf: string } | undefined;
}

interface Answer {
  readonly data?: {
    readonly freshness: readonly { readonly feedState: string; readonly lastEventAt: string | null }[];
    readonly latestForecasts: readonly { readonly asOf: string; readonly model: { readonly kind: string } }[];
  };
  readonly errors?: unknown;
}

const QUERY = `query ($symbols: [ID!]!) {
  freshness(symbols: $symbols) { feedState lastEventAt }
  latestForecasts(symbols: $symbols, horizons: ["30m"]) { asOf model { kind } }
}`;

/** Asks the gateway how fresh an instrument is; throws when it does not answer or answers with errors. */
export async function readPulse(graphqlUrl: string, symbol: string): Promise<Pulse> {
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { symbols: [symbol] } }),
  });
  const { data, errors } = (await response.json()) as Answer;
  const freshness = data?.freshness[0];
  if (errors || !freshness) throw new Error(`the gateway answered ${response.status}: ${JSON.stringify(errors)}`);
  const forecast = data.latestForecasts[0];
  return {
    feedState: freshness.feedState,
    lastEventAt: freshness.lastEventAt ?? '',
    forecast: forecast && { kind: forecast.model.kind, asOf: forecast.asOf },
  };
}
