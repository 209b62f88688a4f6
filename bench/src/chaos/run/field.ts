import type { World } from '../../faults/world/world.ts';
import type { ChaosClient } from '../clients/chaos-client.ts';
import type { Gateways } from './gateways.ts';

/** Where a run takes place: one world, two gateways before its database, and clients, each behind a line of its own. */
export interface Field {
  readonly world: World;
  readonly gateways: Gateways;
  readonly clients: readonly ChaosClient[];
  /** Sockets to cut in all. */
  readonly wanted: number;
  /** What is wrong with the run itself. */
  readonly found: string[];
}

/** Counts the sockets that were cut so far. */
export function countCuts({ clients }: Pick<Field, 'clients'>): number {
  return clients.reduce((sum, { cuts }) => sum + cuts.length, 0);
}
