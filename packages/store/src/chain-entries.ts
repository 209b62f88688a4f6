import { hash, randomUUID } from 'node:crypto';
import { AppError, type EpochMs, type Forecast, type LedgerEntry, type LedgerModel, toLedgerText } from '@candlecast/domain';
import type { NewForecastRow } from './sql/forecasts.ts';
import type { EntryRow, LedgerEnd } from './sql/ledger.ts';

/** Returns the SHA-256 of an entry's text, in hexadecimal digits. */
export function hashEntry(entry: LedgerEntry): string {
  return hash('sha256', toLedgerText(entry));
}

/**
 * Dates `rows`, in their order, by the time at the ledger's end, gives each an id, and chains them to it, one as it is asked for.
 * `models` holds every model that they name; throws `model_missing` otherwise.
 */
export function* chainEntries(
  end: LedgerEnd,
  rows: readonly NewForecastRow[],
  models: ReadonlyMap<number, LedgerModel>,
  deadlineMs: number,
): Generator<EntryRow> {
  let { seq: ledgerSeq, hash: prevHash } = end;
  for (const { seriesId, inputHash, codeVersion, forecast: said } of rows) {
    ledgerSeq++;
    const timing: Forecast['timing'] = end.now <= said.asOf + deadlineMs ? 'ON_TIME' : 'LATE';
    const forecast = {
      ...said,
      signal: said.signal ?? null,
      calibration: said.calibration ?? null,
      id: toId(end.now),
      issuedAt: end.now,
      timing,
      inputHash,
      codeVersion,
      ledgerSeq,
      prevHash,
      hash: '',
    };
    const referenceModel = said.reference && modelOf(models, said.reference.modelId);
    forecast.hash = hashEntry({ forecast, model: modelOf(models, said.modelId), referenceModel });
    prevHash = forecast.hash;
    yield { seriesId, forecast };
  }
}

/** Returns the model of that id; throws `model_missing`. */
export function modelOf(models: ReadonlyMap<number, LedgerModel>, id: number): LedgerModel {
  const model = models.get(id);
  if (!model) throw new AppError('model_missing', `a forecast names model ${id}, which is not stored`);
  return model;
}

const TIME_DIGITS = 12;

/**
 * Returns a new UUID of version 7 (RFC 9562): the time in milliseconds, then random. Ids of one time lie together in their index; random ones would
 * touch a page of it each, of everything that was ever issued.
 */
function toId(time: EpochMs): string {
  const digits = time.toString(16).padStart(TIME_DIGITS, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7${randomUUID().slice(15)}`;
}
