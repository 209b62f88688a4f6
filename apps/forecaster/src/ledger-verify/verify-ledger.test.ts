import {
  addMs,
  HOUR_MS,
  type InstrumentId,
  type LedgerHead,
  type Model,
  QUANTILE_LEVELS,
  toDecimal,
  toEpochMs,
  toLedgerText,
  toSignal,
} from '@candlecast/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toSha256 } from '../registry/artifact-store.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { type KeptHead, verifyLedger } from './verify-ledger.ts';

const ENTRIES = 6;
let market: TestMarket;
let model: Model;
let id: InstrumentId;

beforeEach(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', randomWalk({ minutes: 3, seed: 1 }));
  const facts = { sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
  model = await market.writer.saveModel({ ...facts, name: 'ewma', version: '1', kind: 'BASELINE' });
  for (let count = 0; count < ENTRIES; count++) await issue(count);
});
afterEach(() => market.drop());

async function issue(count: number): Promise<void> {
  const asOf = toEpochMs(Date.parse('2022-01-03T00:00:00Z') + count * 60_000);
  const quantiles = QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: index / 100, value: toDecimal(`1.5${index}`) }));
  const forecast = {
    instrumentId: id,
    modelId: model.id,
    horizon: '1h' as const,
    asOf,
    targetTime: addMs(asOf, HOUR_MS),
    refPrice: toDecimal('1.50'),
    pUp: 0.5,
    reference: { modelId: model.id, sigma: 0.01 },
    quantiles,
    signal: toSignal(quantiles, { feeBps: 10, spreadBps: 0.1 + 0.2, spreadAt: count % 2 === 0 ? asOf : null }),
  };
  const input = new Uint8Array([count]);
  await market.writer.appendForecasts(
    [{ instrumentId: id, modelId: model.id, asOf, input, codeVersion: 'test', forecasts: [forecast] }],
    1e13,
  );
}

async function verify(kept: readonly KeptHead[] = []): Promise<string[]> {
  const findings: string[] = [];
  await verifyLedger(
    { ledger: market.ledger, models: market.reader },
    { venue: VENUE, kept, onFinding: (finding) => findings.push(finding) },
  );
  return findings;
}

/** What only a superuser can do: triggers do not fire. */
function tamper(statement: string): Promise<void> {
  return market.runSql(`set session_replication_role = replica; ${statement}; set session_replication_role = origin`);
}

describe('verifyLedger', () => {
  it('finds nothing in a ledger as it was written, and comes to its head', async () => {
    expect(await verify([await market.ledger.findLedgerHead(VENUE)])).toEqual([]);
  });

  it.each([
    ['a price', `update forecast set prices[3] = 9.99 where ledger_seq = 3`],
    ['a probability, in its last digit', `update forecast set p_up = 0.5000000000000001 where ledger_seq = 3`],
    ['the time of issue', `update forecast set issued_at = issued_at - interval '1 ms' where ledger_seq = 3`],
    ['a fee', `update forecast set fee_bps = 9 where ledger_seq = 3`],
    ['the time of a spread', `update forecast set spread_at = as_of - interval '1 s' where ledger_seq = 3`],
    ['the reference', `update forecast set reference_sigma = 0.011 where ledger_seq = 3`],
  ])('names the entry in which %s was changed', async (_, statement) => {
    await tamper(statement);
    expect(await verify()).toEqual([expect.stringMatching(/^entry 3 \(SIM:BTCUSDT 1h of 2022-01-03T00:02:00.000Z, .*was changed/)]);
  });

  it('names a signal that does not follow from what stands beside it', async () => {
    await tamper(`update forecast set signal = 'SELL' where ledger_seq = 3`);
    expect(await verify()).toEqual([
      expect.stringContaining('was changed'),
      expect.stringMatching(/^entry 3 .* has the signal SELL, which does not follow/),
    ]);
  });

  it('names the entries of a model that was exchanged', async () => {
    await tamper(`update model set sha256 = 'other'`);
    expect(await verify()).toHaveLength(ENTRIES);
  });

  it('names what was removed, from the middle and from the end', async () => {
    await tamper('delete from forecast where ledger_seq in (3, 6)');
    expect(await verify()).toEqual([
      'entries 3 to 3 are gone',
      expect.stringContaining('the head recorded at entry 3'),
      'the newest head was recorded at entry 6, the entries end at 5',
    ]);
  });

  it('names an entry whose input was exchanged', async () => {
    await tamper(`update forecast_input set input = '\\xff' where as_of = '2022-01-03T00:01:00Z'`);
    expect(await verify()).toEqual([expect.stringMatching(/^entry 2 .* which the stored input does not have/)]);
  });

  it('tells a chain that a superuser has made anew by a head that was kept, and by nothing else', async () => {
    const kept = await market.ledger.findLedgerHead(VENUE);
    await rebuild();
    expect(await verify()).toEqual([]);
    expect(await verify([kept])).toEqual([expect.stringMatching(/^entry 6 .*the kept head says .*another one/)]);
    expect(await market.ledger.findLedgerHead(VENUE)).not.toMatchObject({ hash: kept.hash });
  });
});

/** Makes entry 2 say something else, and every hash from there on anew. */
async function rebuild(): Promise<void> {
  await tamper(`update forecast set ref_price = 1.40 where ledger_seq = 2`);
  const entries = await market.ledger.findEntries({ venue: VENUE, afterSeq: 0, limit: 100 });
  let last: Pick<LedgerHead, 'hash'> = { hash: entries[0]?.hash ?? '' };
  for (const entry of entries.slice(1)) {
    const forecast = { ...entry, prevHash: last.hash };
    const hash = toSha256(new TextEncoder().encode(toLedgerText({ forecast, model, referenceModel: model })));
    await tamper(`
      update forecast set prev_hash = '\\x${last.hash}', hash = '\\x${hash}' where ledger_seq = ${entry.ledgerSeq};
      update ledger_head set hash = '\\x${hash}' where seq = ${entry.ledgerSeq}`);
    last = { hash };
  }
}
