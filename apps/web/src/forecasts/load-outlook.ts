import type { Interval } from '@candlecast/domain';
import type { Client } from '@urql/core';
import type { ForecastOutlook } from '../charts/forecast-outlook.ts';
import { ForecastHistoryDocument, ForecastPathDocument } from '../graphql/documents/forecasts.ts';
import { ghostHorizon, toOutlook } from './to-outlook.ts';

const ROWS = 200;
const FRESH = { requestPolicy: 'network-only' } as const;

/** Fetches earlier forecasts and the path of the next day for a chart of that interval; undefined where nobody answers. */
export async function loadOutlook(client: Client, symbol: string, interval: Interval): Promise<ForecastOutlook | undefined> {
  // Where no path was issued there may be forecasts all the same.
  const path = (await client.query(ForecastPathDocument, { symbol, at: null }, FRESH).toPromise()).data?.forecastPath;
  const page = { modelId: path?.model.id ?? null, from: null, to: null, last: ROWS, before: null, asOf: null };
  const { data } = await client.query(ForecastHistoryDocument, { symbol, horizon: ghostHorizon(interval), ...page }, FRESH).toPromise();
  return (
    data &&
    toOutlook(
      data.forecasts.edges.map(({ node }) => node),
      path,
    )
  );
}
