import { AppError, type Clock, err, ok, type Result } from '@candlecast/domain';
import type { SimLog } from './venue/venue.ts';

/** How a REST call goes wrong: an HTTP status, or no answer at all. */
export type RestFaultAnswer = 418 | 429 | 451 | 500 | 502 | 503 | 504 | 'timeout';

/** Something to go wrong on purpose. Times are milliseconds of this machine's clock unless they say otherwise. */
export type Fault =
  /** Cuts the newest `count` stream links (default: all) without a closing frame: by FIN or RST. */
  | { readonly kind: 'dropLinks'; readonly how: 'fin' | 'rst'; readonly count?: number }
  /** Keeps the newest `count` links (default: all) open and dead: nothing is sent or answered any more. */
  | { readonly kind: 'halfOpen'; readonly count?: number }
  /** Acknowledges a stream and sends nothing on it; for ever without `durationMs`. */
  | { readonly kind: 'muteStream'; readonly stream: string; readonly durationMs?: number }
  /** Sends the closing frame of the next `count` klines (default: all) `delayMs` of the venue's time late. */
  | { readonly kind: 'delayClose'; readonly delayMs: number; readonly stream?: string; readonly count?: number }
  /** Leaves the closing frame of the next `count` klines out (default: all). */
  | { readonly kind: 'omitClose'; readonly stream?: string; readonly count?: number }
  /** Spoils the next `calls` REST calls (default 1), those under /api/v3/`path` alone when it is given. */
  | { readonly kind: 'rest'; readonly answer: RestFaultAnswer; readonly calls?: number; readonly path?: string }
  /** Announces a shutdown on every link and closes them after `noticeMs` (default 0). */
  | { readonly kind: 'serverShutdown'; readonly noticeMs?: number }
  /** Ends all faults that are still armed. */
  | { readonly kind: 'clear' };

/** A fault with what became of it. */
export interface FaultRecord {
  readonly fault: Fault;
  /** How many links, frames or calls it has hit. */
  readonly hits: number;
  readonly isArmed: boolean;
}

interface Armed {
  readonly fault: Fault;
  hits: number;
  left: number;
  until: number;
}

/** What to do with a kline's closing frame. */
export type CloseFate = { readonly kind: 'send' } | { readonly kind: 'omit' } | { readonly kind: 'delay'; readonly delayMs: number };

const ANSWERS: readonly RestFaultAnswer[] = [418, 429, 451, 500, 502, 503, 504, 'timeout'];
const KINDS: readonly Fault['kind'][] = [
  'dropLinks',
  'halfOpen',
  'muteStream',
  'delayClose',
  'omitClose',
  'rest',
  'serverShutdown',
  'clear',
];

/** Keeps the faults that were asked for and counts what each of them hit. */
export class FaultBoard {
  readonly #wall: Clock;
  readonly #log: SimLog;
  readonly #armed: Armed[] = [];

  constructor(wall: Clock, log: SimLog) {
    this.#wall = wall;
    this.#log = log;
  }

  /** Arms a fault; `hits` is what it has hit already (links that were cut at once). */
  arm(fault: Fault, hits = 0): FaultRecord {
    if (fault.kind === 'clear') for (const armed of this.#armed) armed.left = 0;
    const count =
      fault.kind === 'rest' ? (fault.calls ?? 1) : 'count' in fault && fault.count !== undefined ? fault.count : Number.POSITIVE_INFINITY;
    const lasts = fault.kind === 'rest' || fault.kind === 'muteStream' || fault.kind === 'delayClose' || fault.kind === 'omitClose';
    const until =
      fault.kind === 'muteStream' && fault.durationMs !== undefined ? this.#wall.now() + fault.durationMs : Number.POSITIVE_INFINITY;
    const armed: Armed = { fault, hits, left: lasts ? count : 0, until };
    this.#armed.push(armed);
    this.#log('fault armed', { fault, hits });
    return this.#describe(armed);
  }

  /** Returns every fault so far, oldest first. */
  records(): readonly FaultRecord[] {
    return this.#armed.map((armed) => this.#describe(armed));
  }

  /** Returns how the next call of a path fails, or undefined when it does not. */
  takeRestAnswer(path: string): RestFaultAnswer | undefined {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.kind !== 'rest' || (fault.path !== undefined && fault.path !== path)) continue;
      if (this.#hit(armed, { path })) return fault.answer;
    }
    return undefined;
  }

  /** Tells whether nothing is to be sent on a stream now. */
  isMuted(stream: string): boolean {
    return this.#armed.some(
      (armed) => armed.fault.kind === 'muteStream' && armed.fault.stream === stream && this.#hit(armed, { stream }, true),
    );
  }

  /** Returns what becomes of the next closing frame of a stream. */
  takeCloseFate(stream: string): CloseFate {
    for (const armed of this.#armed) {
      const { fault } = armed;
      if (fault.kind !== 'delayClose' && fault.kind !== 'omitClose') continue;
      if (fault.stream !== undefined && fault.stream !== stream) continue;
      if (!this.#hit(armed, { stream })) continue;
      return fault.kind === 'omitClose' ? { kind: 'omit' } : { kind: 'delay', delayMs: fault.delayMs };
    }
    return { kind: 'send' };
  }

  #hit(armed: Armed, facts: Record<string, unknown>, isQuiet = false): boolean {
    if (!this.#isArmed(armed)) return false;
    armed.left--;
    armed.hits++;
    // A muted stream is hit many times a second: once is enough for the log.
    if (!isQuiet || armed.hits === 1) this.#log('fault hit', { fault: armed.fault, ...facts });
    return true;
  }

  #isArmed(armed: Armed): boolean {
    return armed.left > 0 && this.#wall.now() < armed.until;
  }

  #describe(armed: Armed): FaultRecord {
    return { fault: armed.fault, hits: armed.hits, isArmed: this.#isArmed(armed) };
  }
}

/** Reads a fault from JSON text. */
export function parseFault(json: string): Result<Fault> {
  const refuse = (why: string) => err(new AppError('fault_invalid', why));
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    return err(new AppError('fault_invalid', 'the fault is not JSON', { cause }));
  }
  if (typeof parsed !== 'object' || parsed === null) return refuse('a fault is an object');
  const fault = parsed as Record<string, unknown>;
  if (!KINDS.some((kind) => kind === fault.kind)) return refuse(`fault kind "${fault.kind}" is not one of ${KINDS.join(', ')}`);
  for (const name of ['count', 'calls', 'delayMs', 'durationMs', 'noticeMs']) {
    const value = fault[name];
    if (value !== undefined && (typeof value !== 'number' || !Number.isInteger(value) || value < 0))
      return refuse(`${name} is not a whole number`);
  }
  for (const name of ['stream', 'path']) {
    if (fault[name] !== undefined && typeof fault[name] !== 'string') return refuse(`${name} is not a text`);
  }
  if (fault.kind === 'dropLinks' && fault.how !== 'fin' && fault.how !== 'rst') return refuse('dropLinks needs how: fin or rst');
  if (fault.kind === 'muteStream' && fault.stream === undefined) return refuse('muteStream needs a stream');
  if (fault.kind === 'delayClose' && fault.delayMs === undefined) return refuse('delayClose needs delayMs');
  if (fault.kind === 'rest' && !ANSWERS.some((answer) => answer === fault.answer))
    return refuse(`rest needs answer: one of ${ANSWERS.join(', ')}`);
  return ok(parsed as Fault);
}
