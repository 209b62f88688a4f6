import type { ChampionChange, PairedOrigin } from '../champion.ts';
import type { Horizon } from '../horizon.ts';
import type { Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** A change that follows the one with the id `after`, or is the first of its horizon. */
export type NewChampionChange = Omit<ChampionChange, 'id'> & { readonly after: number | null };

/** Which origins to compare: on the hour, in [from, to). */
export interface PairQuery {
  readonly venue: Venue;
  /** Names of models; versions of a name follow one another. */
  readonly first: string;
  readonly second: string;
  readonly horizons: readonly Horizon[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Instruments at most: those that were listed first. */
  readonly instruments: number;
}

/** Keeps who forecasts what. */
export interface ChampionStore {
  /** The newest change of each horizon that has one. */
  findChampions(venue: Venue): Promise<ChampionChange[]>;
  /** Appends all of them or none; false where another change of one of the horizons came first. */
  change(changes: readonly NewChampionChange[]): Promise<boolean>;
  /** Origins at which both models have scores, in the order of `asOf`, then of the horizon's name. */
  findPairedOrigins(query: PairQuery): Promise<PairedOrigin[]>;
}
