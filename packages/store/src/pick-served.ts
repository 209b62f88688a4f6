import type { Forecast, Model } from '@candlecast/domain';

/**
 * Returns, of rows that are about the same instrument, horizon and `asOf`, the one whose forecast is shown first: an LSTM's before a baseline's, a
 * younger model's before an older one's. In no order.
 */
export function pickServed<Row extends { readonly forecast: Forecast }>(
  rows: readonly Row[],
  models: ReadonlyMap<number, Pick<Model, 'kind'>>,
): Row[] {
  const rank = ({ forecast: { modelId } }: Row) => (models.get(modelId)?.kind === 'LSTM' ? 1e12 : 0) + modelId;
  const served = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.forecast.instrumentId} ${row.forecast.horizon} ${row.forecast.asOf}`;
    const other = served.get(key);
    if (!other || rank(row) > rank(other)) served.set(key, row);
  }
  return [...served.values()];
}
