import type { Fault, FaultRecord } from '@candlecast/exchange-sim';
import type { World } from './world.ts';

/** A fault that the exchange was asked for. */
export interface ArmedFault {
  /** What it had hit when it was armed: links that were struck at once. */
  readonly struck: number;
  /** What it has hit by now. */
  hits(): Promise<number>;
  /** Ends it. */
  disarm(): void;
}

/** Arms a fault at the simulated exchange. */
export async function armFault({ sim }: World, fault: Fault): Promise<ArmedFault> {
  const { id, hits: struck } = sim.inject(fault);
  return {
    struck,
    disarm: () => void sim.inject({ kind: 'clear', id }),
    async hits() {
      const response = await fetch(`${sim.restUrl}/admin/faults`);
      const records = (await response.json()) as FaultRecord[];
      return records.find((record) => record.id === id)?.hits ?? 0;
    },
  };
}
