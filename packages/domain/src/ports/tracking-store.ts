import type { InstrumentId, Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** What is asked for a pair: to be kept from now on, or no longer. */
export const TRACKING_ACTIONS = ['TRACK', 'UNTRACK'] as const;
export type TrackingAction = (typeof TRACKING_ACTIONS)[number];

/** A wish of somebody outside of ingest. */
export interface TrackingRequest {
  readonly id: number;
  readonly venue: Venue;
  readonly symbol: string;
  readonly action: TrackingAction;
}

/** Why a request was refused. */
export interface TrackingRefusal {
  readonly code: string;
  readonly message: string;
}

/** What became of a request; `refusal` is null when it was granted. */
export interface TrackingAnswer {
  readonly refusal: TrackingRefusal | null;
}

/** Where requests are handed in (the gateway). */
export interface TrackingDesk {
  /** Returns the request's number. */
  hand(request: Omit<TrackingRequest, 'id'> & { readonly requestedBy: string | null }): Promise<number>;
  /** Undefined while nobody has answered. */
  findAnswer(requestId: number): Promise<TrackingAnswer | undefined>;
}

/** A pair that is to be kept, with the exchange's word about it (null: not listed). */
export interface WantedSymbol {
  readonly symbol: string;
  readonly exchangeStatus: string | null;
}

/** What has changed about the wanted instruments. */
export interface WantedChange {
  readonly added: readonly InstrumentId[];
  readonly removed: readonly InstrumentId[];
}

/** Where requests are answered and the wanted instruments written down (ingest, by the process that has the venue's duty). */
export interface TrackingLedger {
  /** Requests without an answer, oldest first. */
  findOpen(venue: Venue): Promise<TrackingRequest[]>;
  /** What the newest granted request of each symbol asks for. */
  findGranted(venue: Venue): Promise<Map<string, TrackingAction>>;
  /** Symbols of the instruments that are wanted now. */
  findWanted(venue: Venue): Promise<Set<string>>;
  answer(requestId: number, refusal: TrackingRefusal | null): Promise<void>;
  /**
   * Makes the wanted instruments of the venue exactly `wanted`; symbols that are no instruments are passed over. `at` is the venue's time, for
   * when a pair came to be listed or not. Changes nothing when member `memberId` has not the duty.
   */
  setWanted(venue: Venue, memberId: number, wanted: readonly WantedSymbol[], at: EpochMs): Promise<WantedChange>;
  /** Takes the leases of wanted instruments back, so that whoever takes them next begins anew. Needs the duty too. */
  free(venue: Venue, memberId: number, symbols: readonly string[]): Promise<void>;
}
