import {
  type Forecast,
  type ForecastReader,
  GENESIS_HASH,
  type LedgerHead,
  type LedgerReader,
  type Model,
  SIGNAL_RULE,
  toIso,
  toLedgerText,
  toSignal,
  type Venue,
} from '@candlecast/domain';
import { toSha256 } from '../registry/artifact-store.ts';

/** What verifying needs of the world. */
export interface VerifyPorts {
  readonly ledger: LedgerReader;
  readonly models: Pick<ForecastReader, 'findModels'>;
}

/** A head that somebody kept: entry `seq` had this hash then. */
export type KeptHead = Pick<LedgerHead, 'seq' | 'hash'>;

export interface VerifyOptions {
  readonly venue: Venue;
  readonly kept?: readonly KeptHead[];
  /** Hears, in one sentence, of everything that does not hold. */
  onFinding(finding: string): void;
  /** Hears of every page of entries that was read; may find more. */
  onPage?(entries: readonly Forecast[]): Promise<void>;
}

const PAGE = 2_000;
const encoder = new TextEncoder();

/**
 * Makes the chain of a venue's ledger again from its entries and compares: every entry's hash with its text, its link with the entry
 * before, its input with the hash of it, and the recorded and kept heads with the entries they name. Tells of each row that was changed,
 * removed or put in, and goes on after it from what is stored. Returns the head it came to.
 */
export async function verifyLedger({ ledger, models }: VerifyPorts, options: VerifyOptions): Promise<LedgerHead> {
  const { venue, kept = [], onFinding } = options;
  const known = new Map((await models.findModels()).map((model) => [model.id, model]));
  let reached: LedgerHead = { venue, seq: 0, hash: GENESIS_HASH, at: null };

  for (;;) {
    const page = await ledger.findEntries({ venue, afterSeq: reached.seq, limit: PAGE });
    const newest = page.at(-1);
    if (!newest) break;
    const inputs = await ledger.hashInputs(page);
    const hashes = new Map<number, string>();
    for (const entry of page) {
      for (const finding of findInEntry(entry, reached, known, inputs)) onFinding(finding);
      hashes.set(entry.ledgerSeq, entry.hash);
      reached = { venue, seq: entry.ledgerSeq, hash: entry.hash, at: entry.issuedAt };
    }
    const first = page[0]?.ledgerSeq ?? 0;
    for (const { seq, hash } of kept.filter((head) => head.seq >= first && head.seq <= reached.seq)) {
      if (hashes.get(seq) !== hash)
        onFinding(`entry ${seq} has the hash ${hashes.get(seq) ?? 'of no entry'}, the kept head says ${hash}: the chain is another one`);
    }
    for await (const head of readHeads(ledger, venue, first - 1, reached.seq)) {
      if (hashes.get(head.seq) !== head.hash)
        onFinding(`the head recorded at entry ${head.seq} is ${head.hash}, the entry has ${hashes.get(head.seq) ?? 'gone'}`);
    }
    await options.onPage?.(page);
  }
  const head = await ledger.findLedgerHead(venue);
  if (head.seq !== reached.seq) onFinding(`the newest head was recorded at entry ${head.seq}, the entries end at ${reached.seq}`);
  for (const { seq } of kept.filter(({ seq }) => seq > reached.seq))
    onFinding(`entry ${seq} of a kept head is gone: the entries end at ${reached.seq}`);
  return reached;
}

function findInEntry(entry: Forecast, before: LedgerHead, models: ReadonlyMap<number, Model>, inputs: ReadonlySet<string>): string[] {
  const name = describe(entry);
  const findings: string[] = [];
  if (entry.ledgerSeq !== before.seq + 1) {
    findings.push(
      entry.ledgerSeq <= before.seq
        ? `${name} stands beside another entry ${entry.ledgerSeq}`
        : `entries ${before.seq + 1} to ${entry.ledgerSeq - 1} are gone`,
    );
  } else if (entry.prevHash !== before.hash) {
    findings.push(`${name} follows ${entry.prevHash}, but the entry before it has ${before.hash}`);
  }
  if (hashOf(entry, models) !== entry.hash) findings.push(`${name} was changed: its text does not have its hash ${entry.hash}`);
  const { signal } = entry;
  if (signal?.rule === SIGNAL_RULE && toSignal(entry.quantiles, signal).action !== signal.action)
    findings.push(`${name} has the signal ${signal.action}, which does not follow from its quantiles and costs`);
  if (!inputs.has(entry.inputHash)) findings.push(`${name} was made from ${entry.inputHash}, which the stored input does not have`);
  return findings;
}

function hashOf(forecast: Forecast, models: ReadonlyMap<number, Model>): string | undefined {
  const model = models.get(forecast.modelId);
  const referenceModel = forecast.reference === null ? null : models.get(forecast.reference.modelId);
  if (!model || referenceModel === undefined) return undefined;
  return toSha256(encoder.encode(toLedgerText({ forecast, model, referenceModel })));
}

async function* readHeads(ledger: LedgerReader, venue: Venue, afterSeq: number, upTo: number): AsyncGenerator<LedgerHead> {
  for (let reached = afterSeq; reached < upTo; ) {
    const page = await ledger.findHeads({ venue, afterSeq: reached, limit: PAGE });
    for (const head of page) {
      if (head.seq > upTo) return;
      yield head;
      reached = head.seq;
    }
    if (page.length < PAGE) return;
  }
}

/** Names an entry for people. */
export function describe({ ledgerSeq, id, instrumentId, horizon, asOf }: Forecast): string {
  return `entry ${ledgerSeq} (${instrumentId} ${horizon} of ${toIso(asOf)}, ${id})`;
}
