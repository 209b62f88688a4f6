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
  let text = 'candlecast-ledger-1';
  const add = (name: string, value: string | number | null | undefined) => {
    if (value !== null && value !== undefined) text += `\n${name} ${value}`;
  };
  add('prev', forecast.prevHash);
  add('seq', forecast.ledgerSeq);
  add('id', forecast.id);
  add('symbol', forecast.instrumentId);
  add('model', model.name);
  add('version', model.version);
  add('sha256', model.sha256);
  add('features', model.featureSchema);
  add('trained-from', model.trainedFrom);
  add('trained-through', model.trainedThrough);
  add('code', forecast.codeVersion);
  add('horizon', forecast.horizon);
  add('as-of', forecast.asOf);
  add('target', forecast.targetTime);
  add('issued', forecast.issuedAt);
  add('timing', forecast.timing);
  add('ref-price', forecast.refPrice);
  add('p-up', toHex(forecast.pUp));
  add('log-returns', forecast.quantiles.map(({ logReturn }) => toHex(logReturn)).join(','));
  add('prices', forecast.quantiles.map(({ value }) => value).join(','));
  add('input', forecast.inputHash);
  add('reference', referenceModel && `${referenceModel.name} ${referenceModel.version}`);
  add('reference-sigma', forecast.reference && toHex(forecast.reference.sigma));
  add('signal', forecast.signal && `${forecast.signal.action} ${forecast.signal.rule}`);
  add('fee-bps', forecast.signal && toHex(forecast.signal.feeBps));
  add('spread-bps', forecast.signal && toHex(forecast.signal.spreadBps));
  add('spread-at', forecast.signal?.spreadAt);
  add('calibrated-log-returns', forecast.calibration?.logReturns.map(toHex).join(','));
  add('calibrated-prices', forecast.calibration?.values.join(','));
  add('calibration', forecast.calibration?.madeAt);
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
