import { throttle } from '../../faults/line/toxics.ts';
import { until } from '../../faults/shots/shot.ts';
import type { ChaosClient } from '../clients/chaos-client.ts';
import type { Field } from '../run/field.ts';
import type { Market } from '../run/market.ts';
import type { StreamPlan } from '../run/plan.ts';
import { type Cut, isAsMeant } from './cut.ts';

/** So slow that the burst takes longer than a reader may stay behind; the kernel's buffers, of 4 MB here, are read within the five seconds that a client waits for a pong. */
const BYTES_A_SECOND = 1_500_000;
const BURST_MINUTES = 450;
const STREAMS = 10;
const ATTEMPTS = 4;
/** A burst that has not been enough by then is not going to be. */
const CUT_CAP_MS = 25_000;
const CLOSE_CAP_MS = 30_000;

/** What the slow reader subscribes to: enough of the same to be behind for long. */
export function planSlowStreams(symbols: readonly string[]): StreamPlan[] {
  const plan = { symbols, interval: '1m', closedOnly: true, snapshot: 0, isFromCursor: false, throttleMs: 0 };
  return Array.from({ length: STREAMS }, () => plan);
}

/**
 * Makes a client a slow reader until its gateway has cut it as one: on a busy machine it may give up by itself before, for want of a pong, and where
 * a burst is stored slowly it may keep up.
 */
export async function beSlowUntilCut(field: Field, market: Market, client: ChaosClient): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const cut = await beSlow(field, market, client);
    if (cut && isAsMeant(cut)) return;
    if (cut?.closedAtMs !== undefined) await client.untilLive(client.line.connections - 1);
  }
}

/**
 * Slows a client's connection down and has much happen at once, until its gateway gives it up as a slow reader; then it may read what
 * it was sent, and why it was cut.
 */
async function beSlow({ gateways }: Field, market: Market, client: ChaosClient): Promise<Cut | undefined> {
  const gateway = gateways.all[client.gateway];
  // A busy gateway may not answer in time.
  const count = async () => (await gateway?.current.metric('candlecast_gateway_slow_readers_total').catch(() => undefined)) ?? 0;
  const before = await count();
  const aimed = client.aim('slow reader');
  if (!aimed) return undefined;
  const applied = client.line.apply(throttle(BYTES_A_SECOND, { kind: 'websocket', direction: 'down' }));
  const isCut = async () => aimed.closedAtMs !== undefined || (await count()) > before;
  let wasCut = true;
  try {
    await market.burst(BURST_MINUTES);
    await until(isCut, 'the gateway cuts a slow reader', CUT_CAP_MS).catch(() => {
      wasCut = false;
    });
  } finally {
    applied.remove();
  }
  await client.untilClosed(aimed, wasCut ? CLOSE_CAP_MS : 0);
  return aimed;
}
