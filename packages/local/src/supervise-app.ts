import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithThisProcess } from '@candlecast/postgres';
import type { AppName } from './app-plan.ts';
import type { LocalEvent } from './local-event.ts';
import { openLog } from './open-log.ts';
import { countFailure, restartDelayMs } from './restart-delay.ts';
import { removeRunFile, saveRunFile, signalGroup } from './run-files.ts';

const STOP_TIMEOUT_MS = 8_000;

export interface SupervisedCommand {
  readonly name: AppName;
  /** Program and arguments. */
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment; asked at every start. */
  readonly environment: () => Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly runDir: string;
  readonly onEvent: (event: LocalEvent) => void;
  /** Aborted when nobody wants to wait any longer: the app is killed at once. */
  readonly force: AbortSignal;
}

/** An app that is started again whenever it ends, until it is stopped. */
export interface SupervisedApp {
  readonly name: AppName;
  readonly logFile: string;
  /** The newest process; while the app waits for its restart, the one that ended. */
  pid(): number;
  /** How often in a row the app ended without having run for a minute. */
  failures(): number;
  /** Asks the app to end (SIGTERM), ends what is left of it after `timeoutMs` (SIGKILL), and waits. */
  stop(timeoutMs?: number): Promise<void>;
}

/** Starts an app in a process group of its own and keeps it running: a dead one comes back after 250 ms, later up to 5 s. */
export function superviseApp(options: SupervisedCommand): SupervisedApp {
  const { name, runDir, onEvent } = options;
  const stopping = new AbortController();
  let failures = 0;
  let child = launch(options);
  const loop = keepRunning();
  const kill = () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL');
  options.force.addEventListener('abort', kill, { once: true });

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const { code, signal } = await untilEnd(child, runDir, name);
      if (stopping.signal.aborted) return;
      failures = countFailure(failures, performance.now() - startedAt);
      const restartMs = restartDelayMs(failures);
      onEvent({ type: 'app-ended', app: name, code, signal, restartMs });
      await delay(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      child = launch(options);
      onEvent({ type: 'app-restarted', app: name, pid: child.pid ?? 0 });
    }
  }

  return {
    name,
    logFile: options.logFile,
    pid: () => child.pid ?? 0,
    failures: () => failures,
    async stop(timeoutMs = STOP_TIMEOUT_MS) {
      stopping.abort();
      child.kill('SIGTERM');
      const timer = setTimeout(kill, timeoutMs);
      await loop;
      clearTimeout(timer);
    },
  };
}

function launch({ name, command: [program, ...args], cwd, environment, logFile, runDir }: SupervisedCommand): ChildProcess {
  const log = openLog(logFile);
  // In its own group, so that Ctrl-C in the terminal does not reach it (we stop the apps in order), and so that its own children
  // can be ended with it.
  const child = spawn(program, args, { cwd, env: environment(), detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid !== undefined) saveRunFile(runDir, name, child.pid);
  return child;
}

async function untilEnd(
  child: ChildProcess,
  runDir: string,
  name: AppName,
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const callOff = child.pid === undefined ? () => undefined : endWithThisProcess(-child.pid, 'TERM');
  const end = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  callOff();
  // Nothing that the app started outlives it.
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
  removeRunFile(runDir, name);
  return end;
}
