import type { Forecast, Horizon, Model } from '@candlecast/domain';

/**
 * Returns, of rows that are about the same instrument, horizon and `asOf`, the one whose forecast is shown first: the champion's, then an LSTM's before a
 * baseline's, a younger model's before an older one's. Where a horizon has a champion, challengers are not shown at all. In no order.
 */
export function pickServed<Row extends { readonly forecast: Pick<Forecast, 'instrumentId' | 'modelId' | 'horizon' | 'asOf'> }>(
  rows: readonly Row[],
  models: ReadonlyMap<number, Pick<Model, 'kind' | 'name'>>,
  champions: ReadonlyMap<Horizon, string>,
): Row[] {
  function rank({ forecast: { modelId, horizon } }: Row): number {
    const model = models.get(modelId);
    const champion = champions.get(horizon);
    if (champion !== undefined && model?.name === champion) return 2e12 + modelId;
    if (model?.kind === 'BASELINE') return modelId;
    return champion === undefined ? 1e12 + modelId : -1;
  }
  const served = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.forecast.instrumentId} ${row.forecast.horizon} ${row.forecast.asOf}`;
    const other = served.get(key);
    if (rank(row) >= 0 && (!other || rank(row) > rank(other))) served.set(key, row);
  }
  return [...served.values()];
}
