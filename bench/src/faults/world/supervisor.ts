import { setTimeout as delay } from 'node:timers/promises';
import { type AppProcess, type AppStart, endProcess, type ProcessEnd, startAppProcess } from './app-process.ts';

/** What may differ from one start of an app to the next. */
export interface Variation {
  readonly symbols?: readonly string[];
  readonly nodeOptions?: readonly string[];
  readonly clockOffsetMs?: number;
}

/** Keeps an app running: starts it again whenever it ends, as an operator's supervisor does. */
export interface Supervisor {
  readonly current: AppProcess;
  /** Processes started so far. */
  readonly starts: number;
  /** Ends that no fault asked for, each with the last words of the process. */
  readonly unexpectedEnds: readonly string[];
  /** What the next starts are given, until it is changed again. */
  vary(variation: Variation): void;
  /** While true, processes may end by themselves. */
  tolerateEnds(isTolerated: boolean): void;
  /** Kills the present process with -9 and starts the next after `downMs`. Resolves when the next one has been started. */
  kill(downMs: number): Promise<void>;
  /** Asks the present process to end (SIGTERM) and starts the next `downMs` after it has. Resolves when the next one has been started. */
  drain(downMs: number): Promise<void>;
  /** Resolves when a process later than number `start` runs. */
  untilStarted(start: number): Promise<void>;
  /** The log of all processes, newest last. */
  logTail(lines: number): string[];
  stop(): Promise<void>;
}

const PAUSE_AFTER_OWN_END_MS = 200;
const LAST_WORDS = 5;

/** Starts an app and keeps it running. `toStart` makes a start of a variation. */
export function superviseApp(toStart: (variation: Variation) => AppStart): Supervisor {
  let variation: Variation = {};
  let starts = 0;
  let isStopping = false;
  let isTolerant = false;
  let downMs: number | undefined;
  const expected = new Set<AppProcess>();
  const unexpectedEnds: string[] = [];
  const earlierLogs: string[] = [];
  const waiting: { readonly after: number; readonly resolve: () => void }[] = [];
  let current = start();

  function start(): AppProcess {
    const process = startAppProcess(toStart(variation));
    starts += 1;
    void process.ended.then((end) => next(process, end));
    for (const entry of waiting.filter(({ after }) => starts > after)) entry.resolve();
    return process;
  }

  async function next(process: AppProcess, end: ProcessEnd): Promise<void> {
    earlierLogs.push(...process.log, `--- process ${process.pid} ended: code ${end.code}, signal ${end.signal}`);
    earlierLogs.splice(0, Math.max(0, earlierLogs.length - 1_000));
    if (isStopping) return;
    if (!expected.delete(process) && !isTolerant) {
      unexpectedEnds.push([`code ${end.code}, signal ${end.signal}`, ...process.log.slice(-LAST_WORDS)].join('\n    '));
    }
    await delay(downMs ?? PAUSE_AFTER_OWN_END_MS);
    downMs = undefined;
    if (!isStopping) current = start();
  }

  function untilStarted(after: number): Promise<void> {
    return starts > after ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ after, resolve }));
  }

  async function replace(signal: NodeJS.Signals, forMs: number): Promise<void> {
    const number = starts;
    expected.add(current);
    downMs = forMs;
    current.kill(signal);
    await untilStarted(number);
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
    kill: (forMs) => replace('SIGKILL', forMs),
    drain: (forMs) => replace('SIGTERM', forMs),
    untilStarted,
    logTail: (lines) => [...earlierLogs, ...(current.end ? [] : current.log)].slice(-lines),
    async stop() {
      isStopping = true;
      await endProcess(current);
    },
  };
}
