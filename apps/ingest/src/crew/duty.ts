import {
  type Instrument,
  type SeriesState,
  type StateChange,
  type TrackingAction,
  type TrackingRefusal,
  type TrackingRequest,
  toInstrumentId,
  type Venue,
  type WantedSymbol,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Exchange, Listing } from '../exchange.ts';
import type { PatientExchange } from '../patient-exchange.ts';
import { drawRoster, isRecording, type Wish } from '../series/roster.ts';
import { WakeUp } from '../wake-up.ts';
import type { IngestStore } from '../write/patient-store.ts';

/** What the duty needs. */
export interface DutyOptions {
  readonly venue: Venue;
  readonly wish: Wish;
  readonly exchange: Exchange;
  readonly patience: PatientExchange;
  readonly store: IngestStore;
  /** The number of this process while it has the duty, else undefined. */
  readonly memberId: () => number | undefined;
  /** Something is wanted or no longer: leases are to be looked at. */
  readonly onChange: () => void;
  readonly log: Logger;
}

/** Milliseconds of this machine's time between two looks at the requests and at the exchange's list, when nothing calls for one before. */
const LOOK_EVERY_MS = 2_000;
const LIST_EVERY_MS = 60_000;
/** Whoever asks for a pair that is not listed gets an answer by a list that is at most this old. */
const LIST_FOR_REQUEST_MS = 1_000;

const AT_REST: readonly SeriesState[] = ['PAUSED', 'DELISTED', 'FAILED'];

/**
 * What a venue needs once, whatever the number of processes: answers requests, watches which pairs the exchange lists and trades, and writes
 * down which instruments are wanted. All of it may be done twice; only the process that has the duty can write.
 */
export class Duty {
  readonly #options: DutyOptions;
  readonly #wakeUp = new WakeUp();
  #listings: ReadonlyMap<string, Listing> = new Map();
  #listedAtMs = Number.NEGATIVE_INFINITY;
  #isListWanted = false;
  #isSynced = false;
  #unlisted: readonly string[] = [];

  constructor(options: DutyOptions) {
    this.#options = options;
  }

  /** Symbols of the configuration that the exchange has never listed while this process had the duty. */
  get unlisted(): readonly string[] {
    return this.#unlisted;
  }

  /** Something was asked for. */
  wake(): void {
    this.#wakeUp.notify();
  }

  /** This process has the duty: if that is new, it begins at once. */
  noteDuty(): void {
    if (!this.#isSynced) this.#wakeUp.notify();
  }

  /** Asks for the exchange's list to be read soon. */
  listSoon(): void {
    this.#isListWanted = true;
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts; rejects when the exchange refuses for good. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const memberId = this.#options.memberId();
      if (memberId === undefined) this.#isSynced = false;
      else await this.#look(memberId);
      await this.#wakeUp.wait(LOOK_EVERY_MS, signal);
    }
  }

  async #look(memberId: number): Promise<void> {
    const { venue, store } = this.#options;
    const requests = await store.tracking.findOpen(venue);
    const isUnknown = requests.some(({ action, symbol }) => action === 'TRACK' && !this.#listings.has(symbol));
    const isListNew = await this.#refreshList(isUnknown ? LIST_FOR_REQUEST_MS : LIST_EVERY_MS);
    if (this.#isSynced && !isListNew && requests.length === 0) return;
    const known = await store.instruments.findInstruments(venue);
    const answers = requests.map((request) => ({ request, refusal: this.#judge(request, known) }));
    const granted = new Map(await store.tracking.findGranted(venue));
    for (const { request, refusal } of answers) if (!refusal) granted.set(request.symbol, request.action);
    await this.#sync(memberId, known, granted);
    await this.#tryAgain(memberId, answers, known);
    for (const { request, refusal } of answers) await store.tracking.answer(request.id, refusal);
    this.#isSynced = true;
  }

  /** Whoever asks for a pair that was given up has it begin anew. */
  async #tryAgain(
    memberId: number,
    answers: readonly { readonly request: TrackingRequest; readonly refusal: TrackingRefusal | null }[],
    known: readonly Instrument[],
  ): Promise<void> {
    const asked = new Set(answers.filter(({ refusal }) => !refusal).map(({ request }) => request.symbol));
    const failed = known.filter(({ symbol, state }) => state === 'FAILED' && asked.has(symbol));
    if (failed.length === 0) return;
    const { venue, store } = this.#options;
    await store.tracking.free(
      venue,
      memberId,
      failed.map(({ symbol }) => symbol),
    );
  }

  async #refreshList(maxAgeMs: number): Promise<boolean> {
    const { exchange, patience } = this.#options;
    const ageMs = performance.now() - this.#listedAtMs;
    if (!this.#isListWanted && ageMs < maxAgeMs) return false;
    this.#isListWanted = false;
    const listings = await patience.ask(() => exchange.fetchListings());
    this.#listings = new Map(listings.map((listing) => [listing.instrument.symbol, listing]));
    this.#listedAtMs = performance.now();
    return true;
  }

  #judge({ action, symbol }: TrackingRequest, known: readonly Instrument[]): TrackingRefusal | null {
    if (action === 'TRACK' && !this.#listings.has(symbol)) {
      return { code: 'SYMBOL_NOT_FOUND', message: `symbol "${symbol}" is not listed by the exchange` };
    }
    if (action === 'UNTRACK' && !known.some((instrument) => instrument.symbol === symbol)) {
      return { code: 'SYMBOL_NOT_FOUND', message: `symbol "${symbol}" is not tracked` };
    }
    return null;
  }

  async #sync(memberId: number, known: readonly Instrument[], granted: ReadonlyMap<string, TrackingAction>): Promise<void> {
    const { venue, wish, store, exchange, log, onChange } = this.#options;
    const roster = drawRoster({ wish, granted, listings: [...this.#listings.values()], known, isRecording: isRecording(venue) });
    for (const symbol of roster.unknown) {
      if (!this.#unlisted.includes(symbol)) log.error({ instrument: toInstrumentId(venue, symbol) }, 'the exchange does not list it');
    }
    this.#unlisted = roster.unknown;
    await store.instrumentWriter.upsertInstruments(roster.listed.map(({ instrument }) => instrument));
    // Before the lease is there: from then on the state is in the hands of whoever takes it.
    await this.#restart(known, roster.wanted);
    const { added, removed } = await store.tracking.setWanted(venue, memberId, roster.wanted, exchange.clock.now());
    await this.#release(roster.released, granted);
    if (added.length + removed.length > 0)
      log.info({ added: added.length, removed: removed.length }, 'the wanted instruments have changed');
    onChange();
  }

  /** What comes back after it was paused begins anew; what is kept already stays as it is. */
  async #restart(known: readonly Instrument[], wanted: readonly WantedSymbol[]): Promise<void> {
    const { venue, store } = this.#options;
    const kept = await store.tracking.findWanted(venue);
    const symbols = new Set(wanted.map(({ symbol }) => symbol));
    const changes = known
      .filter(({ symbol, state }) => symbols.has(symbol) && !kept.has(symbol) && AT_REST.includes(state))
      .map(({ id }): StateChange => ({ id, state: 'REQUESTED', reason: null }));
    if (changes.length > 0) await store.instrumentWriter.setStates(changes);
  }

  async #release(released: readonly Instrument[], granted: ReadonlyMap<string, TrackingAction>): Promise<void> {
    // Whoever is paused already has its reason.
    const changes = released
      .filter(({ state }) => state !== 'PAUSED')
      .map(({ id, symbol }): StateChange => {
        const isAsked = granted.get(symbol) === 'UNTRACK';
        return { id, state: 'PAUSED', reason: isAsked ? 'no longer tracked, by request' : 'no longer among the tracked instruments' };
      });
    if (changes.length > 0) await this.#options.store.instrumentWriter.setStates(changes);
  }
}
