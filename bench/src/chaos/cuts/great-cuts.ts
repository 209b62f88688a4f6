import { until } from '../../faults/shots/shot.ts';
import type { ChaosClient } from '../clients/chaos-client.ts';
import type { Field } from '../run/field.ts';
import type { GreatPlan } from '../run/plan.ts';
import { type Cut, isAsMeant } from './cut.ts';
import { cutPlainly } from './single-cuts.ts';

const END_CAP_MS = 20_000;
/** A client's own act ends by then. */
const HELD_CAP_MS = 150_000;

/** Each misses only by chance. */
const ATTEMPTS = 10;

type GatewayEnd = 'gateway killed' | 'gateway drained';
type Struck = readonly [ChaosClient, Cut];

/** Cuts many clients at once and waits until all of them are live again. Throws when one never is. */
export async function cutMany(field: Field, plan: GreatPlan): Promise<void> {
  const struck = plan.kind === 'storm' ? await raiseStorm(field, plan) : await endGateway(field, plan.kind, plan);
  await Promise.all(struck.map(([client, { connections }]) => client.untilLive(connections)));
}

/** All sockets at the same moment: all clients connect again at once. */
async function raiseStorm({ clients }: Field, plan: GreatPlan): Promise<Struck[]> {
  const free = clients.filter(({ isHeld }) => !isHeld);
  const cuts = await Promise.all(free.map(async (client) => [client, await cutPlainly(client, plan, 'storm')] as const));
  return cuts.flatMap(([client, cut]): Struck[] => (cut ? [[client, cut]] : []));
}

/**
 * Kills a gateway, or asks it to end; its clients find the other one, or the next process. Does so again where it struck nobody: clients
 * come and go, and their own cuts may be faster.
 */
async function endGateway(field: Field, kind: GatewayEnd, plan: GreatPlan): Promise<Struck[]> {
  const all: Struck[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && !all.some(([, cut]) => isAsMeant(cut)); attempt += 1) {
    all.push(...(await endGatewayOnce(field, kind, plan)));
  }
  return all;
}

async function endGatewayOnce({ clients, gateways }: Field, kind: GatewayEnd, { gateway, downMs }: GreatPlan): Promise<Struck[]> {
  const own = () => clients.filter((client) => client.gateway === gateway);
  const aimed: Struck[] = [];
  const aim = () => {
    if (own().some(({ isHeld }) => isHeld)) return false;
    for (const client of own()) {
      const cut = client.aim(kind, true);
      if (cut) aimed.push([client, cut]);
    }
    return aimed.length > 0;
  };
  await until(aim, `somebody is connected to gateway ${gateway}, and nobody needs it`, HELD_CAP_MS);
  const closed = aimed.map(async ([client, cut]) => ({ client, cut, isClosed: await client.untilClosed(cut, END_CAP_MS) }));
  const supervisor = gateways.all[gateway];
  await (kind === 'gateway killed' ? supervisor?.kill(downMs) : supervisor?.drain(downMs));
  await gateways.untilReady(gateway);
  const results = await Promise.all(closed);
  return results.flatMap(({ client, cut, isClosed }): Struck[] => (isClosed ? [[client, cut]] : []));
}
