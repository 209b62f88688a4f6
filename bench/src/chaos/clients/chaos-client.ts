import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { CandlecastClient, ClientOptions } from '@candlecast/client';
import { type FaultLine, layFaultLine } from '../../faults/line/fault-line.ts';
import { until } from '../../faults/shots/shot.ts';
import { brokenAtMs, type Cut, type CutKind } from '../cuts/cut.ts';
import type { ClientPlan, StreamPlan } from '../run/plan.ts';
import { openStreamRecord, type StreamRecord } from './stream-record.ts';
import type { Telling } from './told.ts';
import { watchWire } from './watch-wire.ts';
import { watchSockets } from './watched-socket.ts';

/** One client behind a line of its own, whose socket is cut again and again. */
export interface ChaosClient {
  readonly name: string;
  readonly line: FaultLine;
  readonly streams: readonly StreamRecord[];
  /** The gateway to which its present connection leads. */
  readonly gateway: number;
  /** Every cut that closed its socket. */
  readonly cuts: readonly Cut[];
  /** Sockets that closed although nobody had struck them: close codes. */
  readonly unasked: readonly string[];
  readonly restarts: number;
  /** What is wrong with what came over its sockets, whether or not the client made it good. */
  readonly faults: readonly string[];
  /** What went over its wires, in short: for evidence of a run that failed. */
  readonly notes: readonly string[];
  /** While true, only its own act strikes it. */
  isHeld: boolean;
  /** Sends its connections to one gateway alone, or wherever they come. */
  pin(gateway: number | undefined): void;
  /** Takes aim at the open socket; undefined when there is none, or it is aimed at already and this cut does not go before. */
  aim(kind: CutKind, goesBefore?: boolean): Cut | undefined;
  /** True when the socket that was aimed at closes in time, by this cut. */
  untilClosed(cut: Cut, capMs: number): Promise<boolean>;
  /** Resolves when all streams are live on a connection after `connections`; rejects when one cannot be, or after three minutes. */
  untilLive(connections: number): Promise<void>;
  /** Ends the process that the client stands for and starts another from the last cursors. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** What a client needs. */
export interface ChaosClientOptions {
  readonly plan: Omit<ClientPlan, 'cuts'>;
  /** Ports of the gateways. */
  readonly ports: readonly number[];
  readonly createClient: (options: ClientOptions) => CandlecastClient;
  readonly telling: Telling;
  /** Where streams begin that are to begin at a cursor. */
  readonly startCursor: string;
}

const LISTENERS_A_STREAM = 2;
const LIVE_CAP_MS = 180_000;
/** The code under which graphql-ws gives a socket up that does not answer. */
const GIVEN_UP = 4499;

/** Opens a client and its streams. */
export async function openChaosClient({ plan, ports, createClient, telling, startCursor }: ChaosClientOptions): Promise<ChaosClient> {
  let gateway = 0;
  let pinned: number | undefined;
  let isOpen = false;
  let present: object | undefined;
  let aimed: Cut | undefined;
  let leaving = new AbortController();
  const cuts: Cut[] = [];
  const resuming = new Set<Cut>();
  const unasked: string[] = [];
  const faults: string[] = [];
  const notes: string[] = [];
  let wireNumber = 0;
  const line = await layFaultLine(() => {
    gateway = pinned ?? (plan.gateways.next().value as number);
    return ports[gateway] ?? 0;
  });
  const streams = plan.streams.map((stream) => openStreamRecord(stream, stream.isFromCursor ? startCursor : undefined, telling));
  let client: CandlecastClient;
  let reading: Promise<unknown> = Promise.resolve();
  start();

  function start(): void {
    leaving = new AbortController();
    const { signal } = leaving;
    setMaxListeners(streams.length * LISTENERS_A_STREAM, signal);
    const webSocketImpl = watchSockets({
      opened(socket) {
        // One that was given up may linger, for want of an answer to its closing.
        if (isOpen) noteClosed(GIVEN_UP, 'given up by the client');
        present = socket;
        isOpen = true;
      },
      closed(socket, code, reason) {
        if (!signal.aborted && socket === present && isOpen) noteClosed(code, reason);
      },
      watchWire: () => {
        wireNumber += 1;
        const own = wireNumber;
        return watchWire(
          (fault) => faults.push(fault),
          (what) => notes.push(`${Math.round(performance.now())} wire ${own} ${what}`),
        );
      },
    });
    client = createClient({ url: `http://127.0.0.1:${line.port}/graphql`, webSocketImpl });
    reading = Promise.all(streams.map((record) => read(client, record, signal)));
  }

  function noteClosed(code: number, reason: string): void {
    isOpen = false;
    if (!aimed) return void unasked.push(`${code} ${reason}`.trim());
    aimed.closedAtMs = performance.now();
    aimed.code = code;
    cuts.push(aimed);
    resuming.add(aimed);
    aimed = undefined;
  }

  async function read({ candles }: CandlecastClient, record: StreamRecord, signal: AbortSignal): Promise<void> {
    const { snapshot, ...where } = toRequest(record.plan);
    const isResumed = record.cursor !== undefined;
    const from = isResumed ? { after: record.cursor as string } : { snapshot };
    try {
      for await (const event of candles.stream({ ...where, ...from, signal })) {
        if (signal.aborted) return;
        record.take(event, line.connections, gateway);
        if (event.kind === 'heartbeat') noteResumed();
      }
      if (!signal.aborted) record.fail('the stream ended');
    } catch (cause) {
      record.fail(`the stream failed: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  const isLive = (after: number) => streams.every(({ liveOn }) => liveOn > after);

  function noteResumed(): void {
    for (const cut of resuming) {
      if (!isLive(cut.connections)) continue;
      cut.resumedAfterMs = performance.now() - brokenAtMs(cut);
      resuming.delete(cut);
    }
  }

  async function stop(): Promise<void> {
    leaving.abort();
    isOpen = false;
    aimed = undefined;
    await client.close();
    await reading;
  }

  const self = {
    name: plan.name,
    line,
    streams,
    get gateway() {
      return gateway;
    },
    cuts,
    unasked,
    faults,
    notes,
    restarts: 0,
    isHeld: false,
    pin(to: number | undefined) {
      pinned = to;
    },
    aim(kind: CutKind, goesBefore = false) {
      if (!isOpen || (aimed && !goesBefore)) return undefined;
      aimed = { kind, client: plan.name, connections: line.connections, struckAtMs: performance.now() };
      return aimed;
    },
    async untilClosed(cut: Cut, capMs: number) {
      const deadline = performance.now() + capMs;
      while (aimed === cut && performance.now() < deadline) await delay(5);
      if (aimed === cut) aimed = undefined;
      return cut.closedAtMs !== undefined;
    },
    async untilLive(connections: number) {
      const said = () => streams.flatMap((stream) => stream.faults);
      await until(() => isLive(connections) || said().length > 0, `${plan.name} is live again`, LIVE_CAP_MS);
      if (!isLive(connections)) throw new Error(`${plan.name} is not live again: ${said().join('; ')}`);
    },
    async restart() {
      self.restarts += 1;
      await stop();
      start();
    },
    async close() {
      await stop();
      await line.close();
    },
  };
  return self;
}

function toRequest({ symbols, interval, closedOnly, snapshot, throttleMs }: StreamPlan) {
  return { symbols, interval, closedOnly, throttleMs, snapshot };
}
