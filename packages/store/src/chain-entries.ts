import { createHash } from 'node:crypto';
import { AppError, type Forecast, type LedgerEntry, type LedgerModel, toLedgerText } from '@candlecast/domain';
import type { NewForecastRow } from './sql/forecasts.ts';
import type { EntryRow, LedgerEnd } from './sql/ledger.ts';

/** Returns the SHA-256 of an entry's text, in hexadecimal digits. */
export function hashEntry(entry: LedgerEntry): string {
  return createHash('sha256').update(toLedgerText(entry)).digest('hex');
}

/**
 * Dates `rows`, in their order, by the time at the ledger's end and chains them to it. `models` holds every model that they name; throws
 * `model_missing` otherwise.
 */
export function chainEntries(
  end: LedgerEnd,
  rows: readonly (NewForecastRow & { readonly id: string })[],
  models: ReadonlyMap<number, LedgerModel>,
  deadlineMs: number,
): EntryRow[] {
  let { seq: ledgerSeq, hash: prevHash } = end;
  return rows.map(({ id, seriesId, inputHash, codeVersion, forecast: said }) => {
    ledgerSeq++;
    const timing: Forecast['timing'] = end.now <= said.asOf + deadlineMs ? 'ON_TIME' : 'LATE';
    const stated = {
      ...said,
      signal: said.signal ?? null,
      calibration: said.calibration ?? null,
      id,
      issuedAt: end.now,
      timing,
      inputHash,
      codeVersion,
      ledgerSeq,
      prevHash,
    };
    const referenceModel = said.reference && modelOf(models, said.reference.modelId);
    const forecast = { ...stated, hash: hashEntry({ forecast: stated, model: modelOf(models, said.modelId), referenceModel }) };
    prevHash = forecast.hash;
    return { seriesId, forecast };
  });
}

/** Returns the model of that id; throws `model_missing`. */
export function modelOf(models: ReadonlyMap<number, LedgerModel>, id: number): LedgerModel {
  const model = models.get(id);
  if (!model) throw new AppError('model_missing', `a forecast names model ${id}, which is not stored`);
  return model;
}
