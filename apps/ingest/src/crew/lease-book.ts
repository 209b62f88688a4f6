import type { InstrumentId, Lease, LeaseOf } from '@candlecast/domain';

/** The leases of this process as it knows them: every write shows what stands here. */
export class LeaseBook {
  #tokens = new Map<InstrumentId, number>();

  readonly tokenOf: LeaseOf = (instrumentId) => this.#tokens.get(instrumentId);

  /** Takes over what the database says. */
  set(leases: readonly Lease[]): void {
    this.#tokens = new Map(leases.map(({ instrumentId, token }) => [instrumentId, token]));
  }
}
