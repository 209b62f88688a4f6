import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@candlecast/domain';
import { type AppLogins, applyMigrations, openAppLogins } from '@candlecast/postgres';
import { APPS, type AppName, planApps, planSimulator, type ReadySettings, toUrl, withLogins, withWebKey } from './app-plan.ts';
import { buildApps } from './build-apps.ts';
import { checkPorts, portsOf } from './check-ports.ts';
import type { Source } from './choose-source.ts';
import { isProduction, type LocalSettings, readSystemEnvironment } from './config.ts';
import { createLauncher, type Launcher } from './launch-apps.ts';
import type { LocalEvent } from './local-event.ts';
import { type PreparedDatabase, prepareDatabase, upgradeEmbedded } from './prepare-database.ts';
import { checkSource, findClockAnchor, findSource, readClockAnchor, SOURCE_LABELS } from './prepare-source.ts';
import { claimRunDir, releaseRunDir } from './run-files.ts';
import { createSteps, createStopList, type Step, type StopList } from './run-steps.ts';
import { watchHistory, watchTraining } from './watch-apps.ts';
import { openWebKey } from './web-key.ts';

export interface StartLocalOptions {
  readonly onEvent?: (event: LocalEvent) => void;
  /** Ends a start that is under way; what was started is stopped. */
  readonly signal?: AbortSignal;
  /** Kills the apps at once instead of waiting for their end. */
  readonly force?: AbortSignal;
  readonly clock?: Clock;
  /** TimescaleDB's Apache edition beside the embedded PostgreSQL (Debian on amd64). */
  readonly hasTimescale?: boolean;
}

/** The product, running on this machine. */
export interface LocalSystem {
  /** Where the page and the API are, and where ingest and forecaster tell their `/status`. */
  readonly urls: { readonly web: string; readonly graphql: string; readonly ingest: string; readonly forecaster: string };
  readonly source: Source;
  readonly dataDir: string;
  readonly logsDir: string;
  /** Address of the database, with its password. */
  readonly databaseUrl: string;
  /** The newest process of each app; `exchange-sim` and `postgres` only where they run. */
  pids(): Record<(typeof APPS)[number], number> & Partial<Record<AppName, number>>;
  /** Stops web, gateway, forecaster, ingest, simulator and database, in this order, and leaves no process. */
  stop(onStopped?: (name: string) => void): Promise<void>;
}

/** One start: its options with their defaults, its folders, and what is to be stopped when it ends. */
interface Run {
  readonly onEvent: (event: LocalEvent) => void;
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
  readonly clock: Clock;
  readonly hasTimescale: boolean;
  readonly step: Step;
  readonly stopList: StopList;
  readonly dataDir: string;
  readonly logsDir: string;
  readonly runDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Starts everything on this machine and keeps it running. Resolves when every app answers and stored history reaches the present
 * (or the exchange gives none). Throws an AppError with one clear sentence, after it has stopped what it had started.
 */
export async function startLocal(settings: LocalSettings, options: StartLocalOptions = {}): Promise<LocalSystem> {
  const run = createRun(settings, options);
  try {
    return await start(settings, run);
  } catch (cause) {
    await run.stopList.stopAll();
    throw cause;
  }
}

async function start(given: LocalSettings, run: Run): Promise<LocalSystem> {
  const { step, dataDir } = run;
  const wanted = checkSource({ ...given, CANDLECAST_DATA_DIR: dataDir }, ROOT);
  await claimRunDir(run.runDir, (text) => run.onEvent({ type: 'note', text }));
  run.stopList.add('', async () => releaseRunDir(run.runDir));
  const settings = await step('Ports', async () => [await checkPorts(wanted, portsOf(wanted, isProduction())), 'free']);
  const database = await startDatabase(settings, run);
  const source = await buildAndFindSource(settings, database.url, run);
  const ready = { ...settings, CANDLECAST_SOURCE: source, DATABASE_URL: database.url };
  const launcher = createLauncher({ ...run, root: ROOT });
  if (source !== 'binance') await startSimulator(ready, source, launcher, run);
  const keyFile = join(dataDir, 'web.key');
  const hasWebKey = await openWebKey(keyFile, database.url, (text) => run.onEvent({ type: 'note', text }));
  const planned = planApps(ready);
  const plans = hasWebKey ? withWebKey(planned, keyFile) : planned;
  await startApps(database.logins ? withLogins(plans, database.logins) : plans, launcher, run);
  const url = (port: number) => toUrl(ready.CANDLECAST_HOST, port);
  return {
    urls: {
      web: url(ready.CANDLECAST_WEB_PORT),
      graphql: `${url(ready.CANDLECAST_GATEWAY_PORT)}/graphql`,
      ingest: url(ready.CANDLECAST_INGEST_PORT),
      forecaster: url(ready.CANDLECAST_FORECASTER_PORT),
    },
    source,
    dataDir,
    logsDir: run.logsDir,
    databaseUrl: database.url,
    pids: () => {
      const { ingest = 0, forecaster = 0, gateway = 0, web = 0, ...others } = launcher.pids();
      return { ingest, forecaster, gateway, web, ...others, ...(database.embedded ? { postgres: database.embedded.pid() } : {}) };
    },
    stop: (onStopped) => run.stopList.stopAll(onStopped),
  };
}

/** `logins` are there for the embedded database alone: on a server that is not ours the apps connect as it was said. */
async function startDatabase(settings: LocalSettings, run: Run): Promise<PreparedDatabase & { readonly logins: AppLogins | undefined }> {
  const database = await run.step('Database', () => prepareDatabase(settings, run, run.onEvent));
  const { embedded } = database;
  if (embedded) run.stopList.add('database', embedded.stop);
  if (embedded?.hasTimescale) {
    await run.step('Storage tier', () => upgradeEmbedded(embedded, (text) => run.onEvent({ type: 'note', text })));
  }
  await run.step('Migrations', async () => {
    const count = await applyMigrations(database.url, (text) => run.onEvent({ type: 'note', text }));
    return [count, count === 0 ? 'up to date' : `${count} applied`];
  });
  return { ...database, logins: embedded && (await openAppLogins(database.url)) };
}

async function buildAndFindSource(settings: LocalSettings, databaseUrl: string, run: Run): Promise<Source> {
  // The exchange is asked while the build runs: one that is silent takes ten seconds.
  const finding = findSource(settings, databaseUrl);
  finding.catch(() => undefined);
  await run.step('Build', async () => {
    const { environment, signal, logsDir } = run;
    return [undefined, await buildApps({ root: ROOT, logFile: join(logsDir, 'build.log'), environment, signal })];
  });
  const { source, isFallback } = await run.step('Source', async () => {
    const found = await finding;
    return [found, SOURCE_LABELS[found.source]];
  });
  if (isFallback) {
    run.onEvent({ type: 'note', text: 'Binance is not reachable: going on with the simulated market, whose data is labelled SIM' });
  }
  return source;
}

async function startSimulator(settings: ReadySettings, source: Exclude<Source, 'binance'>, launcher: Launcher, run: Run): Promise<void> {
  await run.step('Exchange simulator', async () => {
    let anchor = await findClockAnchor(settings, source, settings.DATABASE_URL, run.clock);
    const plan = () => planSimulator(settings, anchor);
    await launcher.launchHealthy(plan(), plan);
    anchor = (await readClockAnchor(plan().url, run.clock)) ?? anchor;
    return [undefined, plan().url];
  });
}

async function startApps(plans: ReturnType<typeof planApps>, launcher: Launcher, run: Run): Promise<void> {
  const app = await run.step('Apps', async () => {
    const { ingest, forecaster, gateway, web } = plans;
    const [started] = await Promise.all([
      launcher.launchHealthy(ingest),
      launcher.launchHealthy(forecaster),
      launcher.launchHealthy(gateway),
      launcher.launchHealthy(web),
    ]);
    return [started, APPS.join(', ')];
  });
  const watching = new AbortController();
  run.stopList.add('', async () => watching.abort());
  void watchTraining(plans.forecaster.url, watching.signal, (progress) => run.onEvent({ type: 'training', progress }));
  await run.step('History', async () => {
    const isLive = await watchHistory(app, plans.ingest.url, run.signal, (progress) => run.onEvent({ type: 'history', progress }));
    return [undefined, isLive ? 'live' : 'no data yet; ingest goes on trying'];
  });
}

function createRun(settings: LocalSettings, options: StartLocalOptions): Run {
  const never = new AbortController().signal;
  const { onEvent = () => undefined, signal = never, force = never, clock = systemClock, hasTimescale = false } = options;
  const dataDir = resolve(ROOT, settings.CANDLECAST_DATA_DIR);
  return {
    ...{ onEvent, signal, force, clock, dataDir, hasTimescale },
    step: createSteps(onEvent, signal),
    stopList: createStopList(),
    logsDir: join(dataDir, 'logs'),
    runDir: join(dataDir, 'run'),
    environment: readSystemEnvironment(),
  };
}
