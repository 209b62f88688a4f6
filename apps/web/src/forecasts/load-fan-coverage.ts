import type { Client } from '@urql/core';
import { type RecordFields, TrackRecordDocument } from '../graphql/documents/forecasts.ts';
import type { FanPart } from '../market/forecast-fan.ts';
import { type FanCoverage, toFanCoverage } from './fan-coverage.ts';

/** Asks what the forecasts of the last 30 days came to that were made as those of a fan; undefined where nobody answers. */
export async function loadFanCoverage(client: Client, symbol: string, parts: readonly FanPart[]): Promise<FanCoverage | undefined> {
  const records = new Map<string, readonly RecordFields[]>();
  for (const modelId of new Set(parts.map((part) => part.modelId))) {
    const variables = { symbol, modelId, window: 'DAYS_30', asOf: null } as const;
    const { data } = await client.query(TrackRecordDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    if (!data) return undefined;
    records.set(modelId, data.trackRecord.horizons);
  }
  return toFanCoverage(parts, (modelId) => records.get(modelId) ?? []);
}
