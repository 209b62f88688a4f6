import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, type IngestProcess, type IngestStart, type ProcessEnd, startIngestProcess } from './ingest-process.ts';

/** What may differ from one start of ingest to the next. */
export interface Variation {
  readonly symbols?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly clockOffsetMs?: number;
}

/** Keeps ingest running: starts it again whenever it ends, as an operator's supervisor does. */
export interface Supervisor {
  readonly current: IngestProcess;
  /** Processes started so far. */
  readonly starts: number;
  /** Ends that no fault asked for. */
  readonly unexpectedEnds: readonly string[];
  /** What the next starts are given, until it is changed again. */
  vary(variation: Variation): void;
  /** While true, processes may end by themselves. */
  tolerateEnds(isTolerated: boolean): void;
  /** Kills the present process with -9 and starts the next after `downMs`. Resolves when the next one has been started. */
  kill(downMs: number): Promise<void>;
  /** Resolves when a process later than number `start` runs. */
  untilStarted(start: number): Promise<void>;
  /** The log of all processes, newest last. */
  logTail(lines: number): string[];
  stop(): Promise<void>;
}

const PAUSE_AFTER_OWN_END_MS = 200;

/** Starts ingest and keeps it running. `toStart` makes a start of a variation. */
export function superviseIngest(toStart: (variation: Variation) => IngestStart): Supervisor {
  let variation: Variation = {};
  let starts = 0;
  let isStopping = false;
  let isTolerant = false;
  let downMs: number | undefined;
  const expected = new Set<IngestProcess>();
  const unexpectedEnds: string[] = [];
  const earlierLogs: string[] = [];
  const waiting: { readonly after: number; readonly resolve: () => void }[] = [];
  let current = start();

  function start(): IngestProcess {
    const process = startIngestProcess(toStart(variation));
    starts += 1;
    void process.ended.then((end) => next(process, end));
    for (const entry of waiting.filter(({ after }) => starts > after)) entry.resolve();
    return process;
  }

  async function next(process: IngestProcess, end: ProcessEnd): Promise<void> {
    earlierLogs.push(...process.log, `--- process ${process.pid} ended: code ${end.code}, signal ${end.signal}`);
    earlierLogs.splice(0, Math.max(0, earlierLogs.length - 1_000));
    if (isStopping) return;
    if (!expected.delete(process) && !isTolerant) unexpectedEnds.push(`code ${end.code}, signal ${end.signal}`);
    await delay(downMs ?? PAUSE_AFTER_OWN_END_MS);
    downMs = undefined;
    if (!isStopping) current = start();
  }

  return {
    get current() {
      return current;
    },
    get starts() {
      return starts;
    },
    unexpectedEnds,
    vary(changed) {
      variation = { ...variation, ...changed };
    },
    tolerateEnds(isTolerated) {
      isTolerant = isTolerated;
    },
    async kill(forMs) {
      const number = starts;
      expected.add(current);
      downMs = forMs;
      current.kill('SIGKILL');
      await this.untilStarted(number);
    },
    untilStarted: (after) => (starts > after ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ after, resolve }))),
    logTail: (lines) => [...earlierLogs, ...(current.end ? [] : current.log)].slice(-lines),
    async stop() {
      isStopping = true;
      await endProcess(current);
    },
  };
}
