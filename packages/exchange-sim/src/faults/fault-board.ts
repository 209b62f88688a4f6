import type { EpochMs } from '@candlecast/domain';
import type { SimLog } from '../venue/venue.ts';
import type { VenueTime } from '../venue/venue-time.ts';
import { ArmedFault } from './armed-fault.ts';
import type { ConnectFault, Fault, FaultRecord, FrameFault, RestFault, VenueFault } from './fault.ts';
import { harmFrame, type OutFrame } from './harm-frame.ts';
import { withEventTime } from './spoil-text.ts';
import { toStreamTest } from './stream-pattern.ts';

/** A frame as faults choose it. */
export interface FrameFacts {
  readonly stream: string;
  readonly symbol: string;
  readonly isClosing: boolean;
  readonly now: EpochMs;
  readonly recent: readonly OutFrame[];
}

type TimeJump = Extract<VenueFault, { kind: 'timeJump' }>;
type FaultOf<K extends Fault['kind']> = Extract<Fault, { kind: K }>;

interface ArmedFrameFault {
  readonly armed: ArmedFault<FrameFault>;
  readonly matches: (facts: FrameFacts) => boolean;
}

/** Keeps the faults that were asked for, says whom they hit, and counts the hits. Hits are logged at 1, 2, 4, 8 and so on. */
export class FaultBoard {
  readonly #time: VenueTime;
  readonly #log: SimLog;
  readonly #all: ArmedFault[] = [];
  /** Those of `#all` that may still hit something, and those of them that are about frames. */
  #live: ArmedFault[] = [];
  #frameFaults: ArmedFrameFault[] = [];

  constructor(time: VenueTime, log: SimLog) {
    this.#time = time;
    this.#log = log;
  }

  /** Arms a fault; with `hits` it has struck already and is over. */
  arm(fault: Fault, hits?: number): FaultRecord {
    const isOver = fault.kind === 'clear' || hits !== undefined;
    const armed = new ArmedFault(this.#all.length + 1, fault, this.#time, isOver ? (hits ?? 0) : undefined);
    if (fault.kind === 'clear') {
      for (const other of this.#all) if (fault.id === undefined || other.id === fault.id) other.disarm();
    }
    this.#all.push(armed);
    this.#prune();
    if (!isOver) this.#live.push(armed);
    if (isFrameFault(armed)) this.#frameFaults.push({ armed, matches: toFrameTest(armed.fault) });
    this.#log('fault armed', { ...armed.describe() });
    return armed.describe();
  }

  /** Returns every fault so far, oldest first. */
  records(): readonly FaultRecord[] {
    return this.#all.map((armed) => armed.describe());
  }

  /** False while frames go out as they are: then nobody need ask. */
  get touchesFrames(): boolean {
    if (this.#live.length === 0) return false;
    this.#prune();
    return this.#frameFaults.length > 0 || this.#hasTimeJump();
  }

  /** True while a stream must remember its frames. */
  remembers(stream: string, symbol: string): boolean {
    const facts = { stream, symbol, now: this.#time.now(), recent: [] };
    return this.#frameFaults.some(
      ({ armed: { fault }, matches }) =>
        fault.kind === 'frames' && fault.how === 'replay' && [true, false].some((isClosing) => matches({ ...facts, isClosing })),
    );
  }

  /** Returns what is sent in place of a frame, after every fault that hits it. */
  harm(frame: OutFrame, facts: FrameFacts): readonly OutFrame[] {
    let frames: readonly OutFrame[] = [this.#shiftEvent(frame, facts)];
    for (const { armed, matches } of this.#frameFaults) {
      if (!matches(facts) || !this.#hit(armed, { stream: facts.stream })) continue;
      frames = frames.flatMap((each) => harmFrame(each, armed.fault, { ...facts, random: armed.random }));
    }
    return frames;
  }

  /** Returns how a REST call fails, or undefined when it does not. */
  takeRest(path: string, symbol: string | undefined): { readonly fault: RestFault; readonly pick: number } | undefined {
    const matches = (fault: RestFault) =>
      (fault.path === undefined || fault.path === path) && (fault.symbol === undefined || fault.symbol === symbol);
    const armed = this.#take('rest', matches, { path });
    return armed && { fault: armed.fault, pick: armed.random.nextBits() };
  }

  /** Returns how a new link is refused, or undefined when it is not. */
  takeRefusal(): Extract<ConnectFault, { kind: 'refuseLinks' }>['answer'] | undefined {
    const armed = this.#take('refuseLinks', () => true, {});
    return armed && (armed.fault.answer ?? 503);
  }

  /** Returns when and how a new link is to be cut, or undefined. */
  takeCut(): Extract<ConnectFault, { kind: 'cutNewLinks' }> | undefined {
    return this.#take('cutNewLinks', () => true, {})?.fault;
  }

  /** Tells whether a control message with so many names is lost. */
  takesControl(names: number): boolean {
    return this.#take('ignoreControl', ({ moreThan = 0 }) => names > moreThan, { names }) !== undefined;
  }

  /** Returns the time that the venue says it is when a path is asked. */
  serverTime(path: string): EpochMs {
    const says = path === 'time' || path === 'exchangeInfo';
    const armed = says && this.#hasTimeJump() ? this.#take('timeJump', ({ of }) => of !== 'events', { path }) : undefined;
    return (this.#time.now() + (armed?.fault.byMs ?? 0)) as EpochMs;
  }

  #shiftEvent(frame: OutFrame, { stream }: FrameFacts): OutFrame {
    const armed = this.#hasTimeJump() ? this.#take('timeJump', ({ of }) => of !== 'server', { stream }) : undefined;
    if (!armed) return frame;
    return { ...frame, event: (unit) => withEventTime(frame.event(unit), (time) => time + (armed.fault as TimeJump).byMs) };
  }

  #hasTimeJump(): boolean {
    return this.#live.some((armed) => armed.fault.kind === 'timeJump');
  }

  #prune(): void {
    this.#live = this.#live.filter((armed) => armed.isArmed);
    this.#frameFaults = this.#frameFaults.filter(({ armed }) => armed.isArmed);
  }

  #take<K extends Fault['kind']>(
    kind: K,
    matches: (fault: FaultOf<K>) => boolean,
    facts: Record<string, unknown>,
  ): ArmedFault<FaultOf<K>> | undefined {
    for (const armed of this.#live) {
      if (armed.fault.kind !== kind) continue;
      const found = armed as unknown as ArmedFault<FaultOf<K>>;
      if (matches(found.fault) && this.#hit(armed, facts)) return found;
    }
    return undefined;
  }

  #hit(armed: ArmedFault, facts: Record<string, unknown>): boolean {
    if (!armed.takes()) return false;
    const { id, fault, hits } = armed;
    if ((hits & (hits - 1)) === 0 || !armed.isArmed) this.#log('fault hit', { id, kind: fault.kind, hits, ...facts });
    return true;
  }
}

function isFrameFault(armed: ArmedFault): armed is ArmedFault<FrameFault> {
  const { kind } = armed.fault;
  return kind === 'frames' || kind === 'muteStream' || kind === 'delayClose' || kind === 'omitClose';
}

function toFrameTest(fault: FrameFault): (facts: FrameFacts) => boolean {
  const only = fault.kind === 'delayClose' || fault.kind === 'omitClose' ? 'closing' : fault.only;
  const isStream = toStreamTest(fault.stream);
  return ({ stream, symbol, isClosing }) =>
    isStream(stream) &&
    (fault.symbol === undefined || fault.symbol === symbol) &&
    (only === undefined || (only === 'closing') === isClosing);
}
