import { createHash } from 'node:crypto';
import { type ForecastReader, GENESIS_HASH, type LedgerReader, toLedgerText } from '@candlecast/domain';
import { expect } from 'vitest';

/** Expects `entries` entries in the ledger of SIM, each the hash of its text, each on the one before, up to the head. */
export async function expectWholeChain(ledger: LedgerReader, models: Pick<ForecastReader, 'findModels'>, entries: number): Promise<void> {
  const known = new Map((await models.findModels()).map((model) => [model.id, model]));
  const found = await ledger.findEntries({ venue: 'SIM', afterSeq: 0, limit: entries + 1 });
  expect(found).toHaveLength(entries);
  let last = { ledgerSeq: 0, hash: GENESIS_HASH };
  for (const forecast of found) {
    expect(forecast).toMatchObject({ ledgerSeq: last.ledgerSeq + 1, prevHash: last.hash });
    const model = known.get(forecast.modelId);
    if (!model) throw new Error(`model ${forecast.modelId} is not stored`);
    const text = toLedgerText({ forecast, model, referenceModel: known.get(forecast.reference?.modelId ?? 0) ?? null });
    expect(forecast.hash).toBe(createHash('sha256').update(text).digest('hex'));
    last = forecast;
  }
  expect(await ledger.findLedgerHead('SIM')).toMatchObject({ seq: last.ledgerSeq, hash: last.hash });
}
