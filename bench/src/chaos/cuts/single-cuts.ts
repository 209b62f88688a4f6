import { setTimeout as delay } from 'node:timers/promises';
import type { Wire } from '../../faults/line/fault-line.ts';
import { cutInside, halfOpen, limitData } from '../../faults/line/toxics.ts';
import type { ChaosClient } from '../clients/chaos-client.ts';
import type { PlannedCut } from '../run/plan.ts';
import type { Cut, CutKind } from './cut.ts';

const FROM_GATEWAY = { kind: 'websocket', direction: 'down' } as const;
const FRAME_CAP_MS = 3_000;
const CATCH_UP_CAP_MS = 5_000;
/** A client finds out within its own fifteen seconds, or the gateway within 24. */
const HALF_OPEN_CAP_MS = 40_000;
const CLOSE_CAP_MS = 10_000;

/** Cuts a client's socket once, or twice in a row. Does nothing while it has none. */
export async function cutClient(client: ChaosClient, cut: PlannedCut): Promise<void> {
  if (cut.kind === 'half-open') await leaveHalfOpen(client);
  else if (cut.kind === 'inside a frame') await cutInsideFrame(client, cut);
  else {
    const isCut = await cutPlainly(client, cut);
    if (isCut && cut.kind === 'again while it catches up') await cutAgain(client, cut);
  }
}

/** Aims at a client's open socket and breaks it at once; used by storms, too. */
export async function cutPlainly(client: ChaosClient, { how }: Pick<PlannedCut, 'how'>, kind?: CutKind): Promise<Cut | undefined> {
  const aimed = client.aim(kind ?? (how === 'fin' ? 'FIN' : 'RST'), kind === 'storm');
  if (!aimed) return undefined;
  client.line.cut(how, 'websocket');
  return (await client.untilClosed(aimed, CLOSE_CAP_MS)) ? aimed : undefined;
}

async function cutInsideFrame(client: ChaosClient, { how }: PlannedCut): Promise<void> {
  const aimed = client.aim('inside a frame');
  if (!aimed) return;
  const applied = client.line.apply(cutInside(how, 1, FROM_GATEWAY));
  await client.untilClosed(aimed, FRAME_CAP_MS);
  applied.remove();
}

/** The connection that is made next ends after so many bytes: mostly while it sends what was missed. */
async function cutAgain(client: ChaosClient, { how, bytes }: PlannedCut): Promise<void> {
  const applied = client.line.apply(limitData(bytes, how, FROM_GATEWAY));
  const deadline = performance.now() + CATCH_UP_CAP_MS;
  let aimed: Cut | undefined;
  while (!aimed && performance.now() < deadline && applied.hits === 0) {
    aimed = client.aim('again while it catches up');
    if (!aimed) await delay(1);
  }
  if (aimed) await client.untilClosed(aimed, CATCH_UP_CAP_MS);
  applied.remove();
}

/**
 * Leaves the open connection as it is, and carries nothing over it any more: the client has to find out. Nobody else strikes the client meanwhile, and
 * what has lost bytes never carries any again: no network does that, and no client could notice.
 */
export async function leaveHalfOpen(client: ChaosClient): Promise<void> {
  const aimed = client.aim('half-open');
  if (!aimed) return;
  const wasHeld = client.isHeld;
  client.isHeld = true;
  const struck = new Set(client.line.wires('websocket'));
  const applied = client.line.apply(halfOpen((wire) => struck.has(wire as Wire)));
  await client.untilClosed(aimed, HALF_OPEN_CAP_MS);
  for (const wire of struck) wire.cut('rst');
  applied.remove();
  client.isHeld = wasHeld;
}
