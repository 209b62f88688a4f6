import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '@candlecast/testkit';

/** How a process of an app is started. */
export interface AppStart {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node, such as a cap on the heap. */
  readonly nodeOptions?: readonly string[];
  /** Step of its wall clock against this machine's. */
  readonly clockOffsetMs?: number;
}

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One real process of an app. */
export interface AppProcess {
  readonly pid: number;
  readonly startedAtMs: number;
  readonly ended: Promise<ProcessEnd>;
  readonly end: ProcessEnd | undefined;
  /** The newest lines that it wrote, oldest first. */
  readonly log: readonly string[];
  /** Sends a signal; does nothing once it has ended. */
  kill(signal: NodeJS.Signals): void;
  /** Steps its wall clock; resolves when the process has said so. */
  stepClock(offsetMs: number): Promise<void>;
  /** What `/ready` says; false while nobody answers. */
  isReady(): Promise<boolean>;
  /** A counter or gauge of `/metrics`, summed over its labels that contain `labels`. Rejects while it does not answer. */
  metric(name: string, labels?: string): Promise<number>;
}

const PRELOAD = new URL('./app-preload.mjs', import.meta.url).href;
const KEPT_LINES = 400;

/** Starts an app; it ends when this process ends. */
export function startAppProcess({ program, environment, nodeOptions = [], clockOffsetMs = 0 }: AppStart): AppProcess {
  const args = [...nodeOptions, '--enable-source-maps', '--import', PRELOAD, program];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { PATH: process.env.PATH, ...environment, FAULTS_CLOCK_OFFSET_MS: `${clockOffsetMs}` },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log: string[] = [];
  let end: ProcessEnd | undefined;
  let port: number | undefined;
  keepLines(child, (line) => {
    log.push(line);
    if (log.length > KEPT_LINES) log.shift();
    port ??= toPort(line);
  });
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => {
      end = { code, signal };
      resolve(end);
    });
    child.once('error', (cause) => log.push(`the process could not be started: ${cause.message}`));
  });

  return {
    pid: child.pid ?? 0,
    startedAtMs: performance.now(),
    ended,
    get end() {
      return end;
    },
    log,
    kill: (signal) => void child.kill(signal),
    async stepClock(offsetMs) {
      const heard = new Promise<void>((resolve) => child.once('message', () => resolve()));
      child.send({ clockOffsetMs: offsetMs });
      await Promise.race([heard, ended]);
    },
    isReady: () =>
      fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    async metric(name, labels = '') {
      if (port === undefined) throw new Error('the process has not told its port yet');
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) });
      return sumOf(await response.text(), name, labels);
    },
  };
}

/** Ends a process for good. */
export async function endProcess(process: AppProcess): Promise<void> {
  process.kill('SIGKILL');
  await eventually(() => {
    if (!process.end) throw new Error(`process ${process.pid} does not end`);
  });
}

function keepLines(child: ChildProcess, take: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  }
}

function toPort(line: string): number | undefined {
  const port = /"port":(\d+),.*"msg":"(?:ingest runs|ready for requests)"/.exec(line)?.[1];
  return port === undefined ? undefined : Number.parseInt(port, 10);
}

function sumOf(text: string, name: string, labels: string): number {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(labels))
    .reduce((sum, line) => sum + Number.parseFloat(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
