import { existsSync } from 'node:fs';
import { AppError } from '@candlecast/domain';
import { readFlags, readLocalSettings } from './config.ts';
import { type LocalSystem, startLocal } from './start-local.ts';
import { createReporter } from './terminal/reporter.ts';

// The environment wins over the file.
if (existsSync('.env')) process.loadEnvFile('.env');

const reporter = createReporter(process.stdout);
// A terminal that was closed, or a reader that left, must not keep us from stopping the apps.
process.stdout.on('error', () => undefined);
const starting = new AbortController();
const forcing = new AbortController();
let system: LocalSystem | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
run().catch(fail);

async function run(): Promise<void> {
  const flags = readFlags(process.argv.slice(2));
  if (!flags.ok) throw flags.error;
  const settings = readLocalSettings(process.env);
  if (!settings.ok) throw settings.error;
  system = await startLocal(settings.value, { ...flags.value, onEvent: reporter.onEvent, signal: starting.signal, force: forcing.signal });
  if (starting.signal.aborted) return stop(system);
  reporter.running(system);
}

/** The first signal stops everything in order, the second does not wait. */
function onSignal(): void {
  if (starting.signal.aborted) {
    forcing.abort();
    return;
  }
  starting.abort();
  reporter.stopping();
  if (system) stop(system).catch(fail);
}

async function stop(running: LocalSystem): Promise<void> {
  await running.stop((name) => name && reporter.stopped(name));
  reporter.end();
  process.exit(0);
}

function fail(cause: unknown): void {
  // Asked to stop while it started: what had been started is stopped by now.
  const isAsked = starting.signal.aborted;
  if (!isAsked) reporter.problem(cause instanceof AppError ? cause.message : String(cause instanceof Error ? cause.stack : cause));
  reporter.end();
  process.exit(isAsked ? 0 : 1);
}
