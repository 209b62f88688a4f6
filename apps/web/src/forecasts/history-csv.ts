import type { HistoryFields } from '../graphql/documents/forecasts.ts';
import { callOf, outcomeOf } from './call-of.ts';

type Column = readonly [name: string, read: (forecast: HistoryFields) => string | number | boolean | null | undefined];

const at = (level: number) => (forecast: HistoryFields) => forecast.quantiles.find((row) => Math.abs(row.level - level) < 1e-9)?.value;

const COLUMNS: readonly Column[] = [
  ['id', ({ id }) => id],
  ['symbol', ({ symbol }) => symbol],
  ['horizon', ({ horizon }) => horizon],
  ['model', ({ model }) => model.name],
  ['asOf', ({ asOf }) => asOf],
  ['issuedAt', ({ issuedAt }) => issuedAt],
  ['targetTime', ({ targetTime }) => targetTime],
  ['timing', ({ timing }) => timing],
  ['refPrice', ({ refPrice }) => refPrice],
  ['pUp', ({ pUp }) => pUp],
  ['call', ({ pUp }) => callOf(pUp)],
  ['lower90', at(0.05)],
  ['lower50', at(0.25)],
  ['median', at(0.5)],
  ['upper50', at(0.75)],
  ['upper90', at(0.95)],
  ['outcome', ({ resolution }) => outcomeOf(resolution)],
  ['resolvedAt', ({ resolution }) => resolution?.resolvedAt],
  ['actual', ({ resolution }) => resolution?.actual],
  ['hit', ({ resolution }) => resolution?.hit],
  ['inBand50', ({ resolution }) => resolution?.in50],
  ['inBand90', ({ resolution }) => resolution?.in90],
  ['absErr', ({ resolution }) => resolution?.absErr],
  ['absErrNaive', ({ resolution }) => resolution?.absErrNaive],
];

/** Returns forecasts as CSV (RFC 4180, CRLF) with a header; what is not known is an empty field. Decimals stand as they are stored. */
export function toHistoryCsv(forecasts: readonly HistoryFields[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...forecasts.map((forecast) => COLUMNS.map(([, read]) => `${read(forecast) ?? ''}`))];
  return lines.map((fields) => `${fields.map(quote).join(',')}\r\n`).join('');
}

/** Quotes what has a comma, quote or line break in it, and keeps spreadsheets from taking a text for a formula. */
function quote(field: string): string {
  const safe = /^[=@\t\r]/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
