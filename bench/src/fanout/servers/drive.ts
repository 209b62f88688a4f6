import { Session } from 'node:inspector/promises';
import type { ServerOrder, ServerState } from '../commands.ts';
import { nowUs } from '../market.ts';

/** A server that the bench drives. */
export interface DrivenServer {
  readonly port: number;
  /** Sends a symbol's event to all that follow it. */
  emit(symbol: number, tick: number, madeAtUs: string): void;
}

/** Bytes. */
const STILL_GIVEN_BACK = 1_048_576;

/** Obeys the parent process: opens the server and makes its events. */
export function obey(open: (databaseUrl: string) => Promise<DrivenServer>): void {
  const ticks = new Map<number, number>();
  let server: DrivenServer | undefined;
  let timer: NodeJS.Timeout | undefined;
  let events = 0;

  function tick(first: number, last: number): void {
    for (let symbol = first; symbol < last; symbol++) {
      const number = ticks.get(symbol) ?? 0;
      ticks.set(symbol, number + 1);
      events += 1;
      server?.emit(symbol, number, nowUs());
    }
  }

  async function follow(order: ServerOrder): Promise<ServerState> {
    if (order.do === 'open') server = await open(order.databaseUrl);
    if (order.do === 'stop') clearInterval(timer);
    if (order.do === 'burst') for (let left = order.ticks; left > 0; left--) tick(order.first, order.last);
    if (order.do === 'start') {
      const startedAt = performance.now();
      let made = 0;
      timer = setInterval(
        () => {
          for (; made < ((performance.now() - startedAt) / 1_000) * order.ticksASecond; made++) tick(order.first, order.last);
        },
        Math.min(20, 1_000 / order.ticksASecond),
      );
    }
    if (order.do === 'collect') await collectGarbage();
    const { user, system } = process.cpuUsage();
    return { port: server?.port ?? 0, cpuUs: user + system, residentBytes: process.memoryUsage.rss(), events };
  }

  process.on('SIGINT', () => process.exit(0));
  // The parent is gone: so is what this is for.
  process.on('disconnect', () => process.exit());
  process.on('message', (order: ServerOrder) => {
    void follow(order).then(
      (state) => process.send?.({ state }),
      (cause: unknown) => process.send?.({ failure: String((cause as Error).stack) }),
    );
  });
}

/**
 * Collects as fully as can be, again and again until nothing more is given back, so that what was needed once is not counted: each collection moves
 * together only some of what lies apart. `gc` with options would collect the young alone on Node 20.
 */
async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  for (let before = Number.POSITIVE_INFINITY, now = process.memoryUsage.rss(); before - now > STILL_GIVEN_BACK; ) {
    before = now;
    await session.post('HeapProfiler.collectGarbage');
    now = process.memoryUsage.rss();
  }
  session.disconnect();
}
