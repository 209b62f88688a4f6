import type { TrackingAction, WantedSymbol } from '@candlecast/domain';
import { createKeyStore, createTrackingLedger } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyDesk } from './keys/key-desk.ts';
import { post } from './testing/post.ts';
import { BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

const TRACK = 'mutation ($symbol: ID!) { trackInstrument(symbol: $symbol) { id state } }';
const UNTRACK = 'mutation ($symbol: ID!) { untrackInstrument(symbol: $symbol) { id state stateReason } }';

let market: TestMarket;
let url: string;

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl: url } = await market.startGateway());
});
afterAll(() => market.stop());

/** Plays ingest: takes the next request and says what becomes of it. */
async function answer(action: TrackingAction, symbol: string, refusal: { code: string; message: string } | null): Promise<void> {
  const ledger = createTrackingLedger(market.database);
  const [request] = await eventually(async () => {
    const open = await ledger.findOpen('SIM');
    expect(open).toHaveLength(1);
    return open;
  });
  expect(request).toMatchObject({ action, symbol } satisfies Partial<WantedSymbol> & { action: TrackingAction });
  if (request) await ledger.answer(request.id, refusal);
}

describe('tracking requests', () => {
  it('come back with the instrument as soon as ingest has granted them', async () => {
    await market.list(BTC);
    const asked = post(url, TRACK, { symbol: 'btcusdt' });
    await answer('TRACK', 'BTCUSDT', null);
    expect(await asked).toMatchObject({ data: { trackInstrument: { id: 'SIM:BTCUSDT', state: 'REQUESTED' } }, errors: [] });
    const released = post(url, UNTRACK, { symbol: 'SIM:BTCUSDT' });
    await answer('UNTRACK', 'BTCUSDT', null);
    expect((await released).data).toMatchObject({ untrackInstrument: { id: 'SIM:BTCUSDT' } });
  });

  it('are refused with the code of ingest', async () => {
    const asked = post(url, TRACK, { symbol: 'NOSUCHUSDT' });
    await answer('TRACK', 'NOSUCHUSDT', { code: 'SYMBOL_NOT_FOUND', message: 'symbol "NOSUCHUSDT" is not listed by the exchange' });
    const [error] = (await asked).errors;
    expect(error).toMatchObject({ message: 'symbol "NOSUCHUSDT" is not listed by the exchange', extensions: { code: 'SYMBOL_NOT_FOUND' } });
  });

  it.each([
    ['another venue', 'BINANCE:BTCUSDT', 'BAD_USER_INPUT'],
    ['no symbol at all', 'SIM:a b', 'SYMBOL_NOT_FOUND'],
  ])('for %s never reach ingest', async (_, symbol, code) => {
    expect((await post(url, TRACK, { symbol })).errors[0]?.extensions.code).toBe(code);
    expect(await createTrackingLedger(market.database).findOpen('SIM')).toEqual([]);
  });

  it('need a key with the scope TRACK where tracking is not open to everybody', async () => {
    const closed = await market.startGateway(undefined, false);
    const [error] = (await post(closed.httpUrl, TRACK, { symbol: 'BTCUSDT' })).errors;
    expect(error?.extensions.code).toBe('UNAUTHENTICATED');
    const key = await createKeyDesk(createKeyStore(market.database)).create({ name: 'tracker', scopes: ['TRACK'], expiresAt: null });
    const asked = post(closed.httpUrl, TRACK, { symbol: 'SIM:BTCUSDT' }, { authorization: `Bearer ${key.key}` });
    await answer('TRACK', 'BTCUSDT', null);
    expect((await asked).errors).toEqual([]);
    const { prefix } = await market.database.prisma.apiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect((await market.database.prisma.trackingRequest.findFirst({ orderBy: { id: 'desc' } }))?.requestedBy).toBe(prefix);
  });

  it('are refused while too many wait', async () => {
    const waiting = Array.from({ length: 100 }, (_, index) => ({ venue: 'SIM', symbol: `W${index}`, action: 'TRACK' as const }));
    await market.database.prisma.trackingRequest.createMany({ data: waiting });
    expect((await post(url, TRACK, { symbol: 'BTCUSDT' })).errors[0]?.extensions.code).toBe('RATE_LIMITED');
  });
});
