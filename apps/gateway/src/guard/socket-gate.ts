import { randomUUID } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { anybodyAt, type Caller } from '../keys/caller.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Reception } from './reception.ts';
import { POINTS_AN_OPERATION, toExtension } from './toll.ts';

/** Bounds on sockets. */
export interface SocketLimits {
  /** Open at a time, by address and by key. */
  readonly connections: number;
  /** Pings, pongs and messages to nobody that a socket may send a second. */
  readonly controlsASecond: number;
}

/** Counts sockets, and looks after each. */
export interface SocketGate {
  /** Tells whether one more socket from there is allowed. */
  hasRoom(address: string): boolean;
  /** Takes an open socket in. Its place is given back when it closes. */
  enter(socket: WebSocket, address: string): SocketVisit;
}

const POLICY_VIOLATION = 1008;

/** What every socket is looked after with. */
interface GateSide {
  readonly reception: Reception;
  readonly ring: KeyRing;
  readonly limits: SocketLimits;
  readonly places: Places;
}

/** Returns the gate. */
export function createSocketGate(options: Omit<GateSide, 'places'>): SocketGate {
  const side: GateSide = { ...options, places: createPlaces(options.limits.connections) };
  return {
    hasRoom: (address) => side.places.hasRoom(`address:${address}`),
    enter: (socket, address) => new SocketVisit(side, socket, address),
  };
}

/** One socket at the gate. */
export class SocketVisit {
  readonly #side: GateSide;
  readonly #socket: WebSocket;
  readonly #leave: (() => void)[];
  readonly #controls: Bucket;
  #caller: Caller;

  constructor(side: GateSide, socket: WebSocket, address: string) {
    this.#side = side;
    this.#socket = socket;
    this.#leave = [side.places.take(`address:${address}`)];
    this.#controls = new Bucket(side.limits.controlsASecond);
    this.#caller = anybodyAt(address);
    const countControl = () => this.countControl();
    socket.on('ping', countControl).on('pong', countControl);
    socket.once('close', () => {
      for (const end of this.#leave) end();
    });
  }

  /** Who it is since the connection was acknowledged. */
  get caller(): Caller {
    return this.#caller;
  }

  /** Counts a message that asks for nothing; too many of them end the socket with 1008. */
  countControl(): void {
    if (this.#controls.take()) return;
    this.#socket.close(POLICY_VIOLATION, `At most ${this.#side.limits.controlsASecond} control messages a second`);
  }

  /** Returns the payload of the acknowledgement, or false for a caller that is not let in: the socket is then closed with 4403. */
  async init(params: Readonly<Record<string, unknown>> | undefined): Promise<Record<string, unknown> | false> {
    const { reception, limits, places } = this.#side;
    const arrival = await reception.receive({ ...readParams(params), address: this.#caller.address }, 'socket', randomUUID());
    if ('refusal' in arrival || this.#socket.readyState !== this.#socket.OPEN) return false;
    const { key } = arrival.caller;
    if (key && !places.hasRoom(`key:${key.id}`)) {
      this.#forbid(`At most ${limits.connections} connections for a key`);
      return false;
    }
    if (key) this.#leave.push(places.take(`key:${key.id}`));
    this.#caller = arrival.caller;
    this.#watchOver(arrival.caller);
    const { state } = await reception.pay(arrival.caller, 0, randomUUID());
    return toExtension(state);
  }

  /** Takes the point for an operation. Resolves with the refusal, if there are none left. */
  async admit(requestId: string): Promise<GraphQLError | undefined> {
    return (await this.#side.reception.pay(this.#caller, POINTS_AN_OPERATION, requestId)).refusal;
  }

  /** A caller whose time has come is sent away, to come back with what is right then. */
  #watchOver({ key, expiresInMs }: Caller): void {
    if (key) this.#leave.push(this.#side.ring.watch(key.id, () => this.#forbid('The API key was revoked or has ended')));
    if (expiresInMs === null || expiresInMs > LONGEST_TIMER_MS) return;
    const timer = setTimeout(() => this.#forbid('The credentials have ended'), expiresInMs);
    this.#leave.push(() => clearTimeout(timer));
  }

  #forbid(reason: string): void {
    this.#socket.close(CloseCode.Forbidden, reason);
  }
}

/** The longest that a timer can wait: 24 days. The ring looks after longer ones. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Names of parameters are read in any case, as names of headers are. */
function readParams(params: Readonly<Record<string, unknown>> | undefined) {
  const read = (name: string) => {
    const entry = Object.entries(params ?? {}).find(([key]) => key.toLowerCase() === name);
    return entry === undefined || entry[1] === null ? undefined : String(entry[1]);
  };
  return { authorization: read('authorization'), workspace: read('x-candlecast-workspace'), visitorAddress: undefined };
}

type Places = ReturnType<typeof createPlaces>;

function createPlaces(most: number) {
  const taken = new Map<string, number>();
  return {
    hasRoom: (subject: string) => (taken.get(subject) ?? 0) < most,
    take(subject: string): () => void {
      taken.set(subject, (taken.get(subject) ?? 0) + 1);
      return () => {
        const left = (taken.get(subject) ?? 0) - 1;
        if (left > 0) taken.set(subject, left);
        else taken.delete(subject);
      };
    },
  };
}

/** Fills up again evenly; holds a second's worth. */
class Bucket {
  readonly #aSecond: number;
  #left: number;
  #at = performance.now();

  constructor(aSecond: number) {
    this.#aSecond = aSecond;
    this.#left = aSecond;
  }

  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#aSecond, this.#left + ((now - this.#at) / 1_000) * this.#aSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
