import { AppError } from '../errors.ts';
import type { FeedState } from '../event.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** One stretch of one process's keeping of an instrument. */
export interface Lease {
  readonly instrumentId: InstrumentId;
  /** Differs with every taking; commits that show another one are refused. */
  readonly token: number;
  /** What the exchange says of the pair, in its word; null while it does not list it. */
  readonly exchangeStatus: string | null;
  /** The newest span in which the exchange did not list the pair, on the venue's clock; `to` is null while it lasts. */
  readonly unlisted: { readonly from: EpochMs; readonly to: EpochMs | null } | null;
}

/** What a process tells the others with every beat. */
export interface MemberReport {
  /** Null while it keeps no instrument. */
  readonly feedState: FeedState | null;
  readonly feedDetail: string | null;
  /** For how many more milliseconds the exchange wants this process's address left alone. */
  readonly blockedForMs: number;
}

/** A process that ingests a venue. */
export interface CrewMember {
  readonly id: number;
  /** Where it runs, for people. */
  readonly name: string;
  /** The address under which the exchange sees it: members of one address share its request weight. */
  readonly address: string;
  readonly isAlive: boolean;
  /** Instruments that it keeps. */
  readonly leases: number;
  readonly feedState: FeedState | null;
  readonly feedDetail: string | null;
  readonly blockedForMs: number;
}

/** How the processes of a venue stand, as one of them sees it right after it showed its own life. */
export interface CrewView {
  readonly memberId: number;
  /** This process does what the venue needs once. */
  readonly hasDuty: boolean;
  /** Oldest first; dead ones stay for a while. */
  readonly members: readonly CrewMember[];
  /** Instruments of the venue that are to be kept by somebody. */
  readonly wanted: number;
  /** What this process keeps. */
  readonly leases: readonly Lease[];
}

/**
 * A process's place among those that ingest a venue. Every call may reject with a retryable failure and be made again: the place stays,
 * or another one is taken. Leases run on the database's wall time.
 */
export interface CrewSeat {
  /** Shows life and looks round; takes the duty when nobody alive has it. */
  beat(report: MemberReport): Promise<CrewView>;
  /** Takes at most `limit` instruments that nobody alive keeps, and returns how many. Those that a commit holds at the moment are left out. */
  take(limit: number): Promise<number>;
  /** Gives instruments back. */
  release(instrumentIds: readonly InstrumentId[]): Promise<void>;
  /** Gives everything back, for others to take at once. */
  leave(): Promise<void>;
}

/** What a process needs to take its place. */
export interface SeatRequest {
  readonly venue: Venue;
  readonly name: string;
  readonly address: string;
  /** Called when somebody has asked for something. */
  readonly onWake: () => void;
}

/** The order in which the processes of one address connect to an exchange, whichever of them stop and start. */
export interface ConnectTurns {
  /** Takes the next turn and returns in how many milliseconds it comes; undefined when too many wait already: nothing is taken, ask again. */
  take(): Promise<number | undefined>;
}

/** Returns the token of the lease that this process holds on an instrument, as far as it knows. */
export type LeaseOf = (instrumentId: InstrumentId) => number | undefined;

/** A write for instruments that another process keeps by now. Nothing of it is stored. */
export class LeaseLostError extends AppError {
  readonly instrumentIds: readonly InstrumentId[];

  constructor(instrumentIds: readonly InstrumentId[]) {
    super('lease_lost', `this process does not keep ${instrumentIds.slice(0, 3).join(', ')} any more (${instrumentIds.length} in all)`);
    this.instrumentIds = instrumentIds;
  }
}
