import type { Forecast, Model } from './forecast.ts';
import type { Venue } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** The hash before the first entry of every ledger. */
export const GENESIS_HASH = '0'.repeat(64);

/** The newest entry of a venue's ledger at some moment. Whoever keeps one can tell later whether the entries up to it are still the same. */
export interface LedgerHead {
  readonly venue: Venue;
  /** Entries up to here; 0 for an empty ledger. */
  readonly seq: number;
  /** Of the entry at `seq`; `GENESIS_HASH` for an empty ledger. */
  readonly hash: string;
  /** When that entry was issued, by the venue's clock; null for an empty ledger. */
  readonly at: EpochMs | null;
}

/** What the chain says of a model. */
export type LedgerModel = Pick<Model, 'name' | 'version' | 'sha256' | 'featureSchema' | 'trainedFrom' | 'trainedThrough'>;

/** What an entry's text is made from. */
export interface LedgerEntry {
  readonly forecast: Omit<Forecast, 'hash'>;
  readonly model: LedgerModel;
  /** Of the forecast's reference. */
  readonly referenceModel: LedgerModel | null;
}

/**
 * Returns the text of an entry, whose SHA-256 in UTF-8 is its hash: one `name value` a line, in this order, lines without a value left
 * out, so that later fields leave the hashes of earlier entries as they are. Times are epoch milliseconds, prices the stored decimals'
 * own text, floats the 16 hexadecimal digits of their IEEE 754 double, most significant first.
 */
export function toLedgerText({ forecast, model, referenceModel }: LedgerEntry): string {
  const lines: readonly (readonly [string, string | number | null | undefined])[] = [
    ['prev', forecast.prevHash],
    ['seq', forecast.ledgerSeq],
    ['id', forecast.id],
    ['symbol', forecast.instrumentId],
    ['model', model.name],
    ['version', model.version],
    ['sha256', model.sha256],
    ['features', model.featureSchema],
    ['trained-from', model.trainedFrom],
    ['trained-through', model.trainedThrough],
    ['code', forecast.codeVersion],
    ['horizon', forecast.horizon],
    ['as-of', forecast.asOf],
    ['target', forecast.targetTime],
    ['issued', forecast.issuedAt],
    ['timing', forecast.timing],
    ['ref-price', forecast.refPrice],
    ['p-up', toHex(forecast.pUp)],
    ['log-returns', forecast.quantiles.map(({ logReturn }) => toHex(logReturn)).join(',')],
    ['prices', forecast.quantiles.map(({ value }) => value).join(',')],
    ['input', forecast.inputHash],
    ['reference', referenceModel && `${referenceModel.name} ${referenceModel.version}`],
    ['reference-sigma', forecast.reference && toHex(forecast.reference.sigma)],
    ['signal', forecast.signal && `${forecast.signal.action} ${forecast.signal.rule}`],
    ['fee-bps', forecast.signal && toHex(forecast.signal.feeBps)],
    ['spread-bps', forecast.signal && toHex(forecast.signal.spreadBps)],
    ['spread-at', forecast.signal?.spreadAt],
    ['calibrated-log-returns', forecast.calibration?.logReturns.map(toHex).join(',')],
    ['calibrated-prices', forecast.calibration?.values.join(',')],
    ['calibration', forecast.calibration?.madeAt],
  ];
  let text = 'candlecast-ledger-1';
  for (const [name, value] of lines) if (value !== null && value !== undefined) text += `\n${name} ${value}`;
  return text;
}

// One for all: a text holds up to twenty doubles, and a minute's close twelve thousand texts.
const double = new DataView(new ArrayBuffer(8));
const bytes = new Uint8Array(double.buffer);
/** The digits of a byte. */
const DIGITS = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function toHex(value: number): string {
  double.setFloat64(0, value + 0); // the database keeps no negative zero
  let digits = '';
  for (const byte of bytes) digits += DIGITS[byte];
  return digits;
}
