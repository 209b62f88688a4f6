import type { PlantedBug } from '../../faults/mutants/planted-bugs.ts';

/** A bug of a gateway or of the client that cut sockets must bring to light. */
export interface PlantedStreamBug extends Pick<PlantedBug, 'name' | 'edits' | 'finding'> {
  readonly in: 'gateway' | 'client';
}

/** What is built anew with a bug. */
export const ENTRIES = { gateway: 'apps/gateway/src/main.ts', client: 'packages/client/src/index.ts' } as const;

export const PLANTED_STREAM_BUGS: readonly PlantedStreamBug[] = [
  {
    name: 'a client that drops the first event after a resume',
    in: 'client',
    edits: [
      {
        file: 'packages/client/src/subscribe-resuming.ts',
        find: 'if (isDurable && lost) lost.events += 1;',
        replace: 'if (isDurable && lost && lost.events++ === 0) return;',
      },
    ],
    finding: /events never came/,
  },
  {
    name: 'a gateway that resumes with the event of the cursor',
    in: 'gateway',
    edits: [
      {
        file: 'apps/gateway/src/live/read-log-after.ts',
        find: 'lies in the future`);\n  return after;',
        replace: 'lies in the future`);\n  return { ...after, seq: Math.max(0, after.seq - 1) };',
      },
    ],
    finding: /the gateway sent the event at \d+ after \d+/,
  },
  {
    name: 'a gateway that loses what comes between log and live',
    in: 'gateway',
    edits: [
      {
        file: 'apps/gateway/src/live/read-log-after.ts',
        find: '} while (queue.isBehind());',
        replace: '} while (queue.isBehind());\n  await new Promise((resolve) => setTimeout(resolve, 50));\n  queue.rewind();',
      },
    ],
    finding: /events never came/,
  },
  {
    name: 'a gateway whose heartbeat promises what it has not sent',
    in: 'gateway',
    edits: [
      {
        file: 'apps/gateway/src/live/stream-durable.ts',
        find: 'if (queue.isDrained()) reached = newest(reached, hub.position());',
        replace: 'reached = newest(reached, { epoch: reached.epoch, seq: (hub.position()?.seq ?? 0) + 3 });',
      },
    ],
    finding: /events never came|did not reach the end/,
  },
];
