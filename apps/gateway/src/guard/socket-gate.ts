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

/** One socket at the gate. */
export interface SocketVisit {
  /** Who it is since the connection was acknowledged. */
  readonly caller: Caller;
  /** Returns the payload of the acknowledgement, or false for a caller that is not let in: the socket is then closed with 4403. */
  init(params: Readonly<Record<string, unknown>> | undefined): Promise<Record<string, unknown> | false>;
  /** Takes the point for an operation. Resolves with the refusal, if there are none left. */
  admit(requestId: string): Promise<GraphQLError | undefined>;
  /** Counts a message that asks for nothing; too many of them end the socket with 1008. */
  countControl(): void;
}

const POLICY_VIOLATION = 1008;

/** Returns the gate. */
export function createSocketGate(options: { reception: Reception; ring: KeyRing; limits: SocketLimits }): SocketGate {
  const { reception, ring, limits } = options;
  const places = createPlaces(limits.connections);

  function enter(socket: WebSocket, address: string): SocketVisit {
    const leave = [places.take(`address:${address}`)];
    let caller = anybodyAt(address);
    const controls = createBucket(limits.controlsASecond);
    const countControl = () => {
      if (!controls.take()) socket.close(POLICY_VIOLATION, `At most ${limits.controlsASecond} control messages a second`);
    };
    const forbid = (reason: string) => socket.close(CloseCode.Forbidden, reason);
    socket.on('ping', countControl).on('pong', countControl);
    socket.once('close', () => {
      for (const end of leave) end();
    });

    /** A caller whose time has come is sent away, to come back with what is right then. */
    function watchOver({ key, expiresInMs }: Caller): void {
      if (key) leave.push(ring.watch(key.id, () => forbid('The API key was revoked or has ended')));
      if (expiresInMs === null || expiresInMs > LONGEST_TIMER_MS) return;
      const timer = setTimeout(() => forbid('The credentials have ended'), expiresInMs);
      leave.push(() => clearTimeout(timer));
    }

    return {
      get caller() {
        return caller;
      },
      countControl,
      async init(params) {
        const arrival = await reception.receive({ ...readParams(params), address }, 'socket', randomUUID());
        if ('refusal' in arrival || socket.readyState !== socket.OPEN) return false;
        const { key } = arrival.caller;
        if (key && !places.hasRoom(`key:${key.id}`)) {
          forbid(`At most ${limits.connections} connections for a key`);
          return false;
        }
        if (key) leave.push(places.take(`key:${key.id}`));
        caller = arrival.caller;
        watchOver(caller);
        const { state } = await reception.pay(caller, 0, randomUUID());
        return toExtension(state);
      },
      admit: async (requestId) => (await reception.pay(caller, POINTS_AN_OPERATION, requestId)).refusal,
    };
  }

  return { hasRoom: (address) => places.hasRoom(`address:${address}`), enter };
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
function createBucket(aSecond: number) {
  let left = aSecond;
  let at = performance.now();
  return {
    take(): boolean {
      const now = performance.now();
      left = Math.min(aSecond, left + ((now - at) / 1_000) * aSecond);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
