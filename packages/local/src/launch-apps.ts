import { join } from 'node:path';
import type { AppName, AppPlan } from './app-plan.ts';
import type { LocalEvent } from './local-event.ts';
import type { StopList } from './run-steps.ts';
import { type SupervisedApp, superviseApp } from './supervise-app.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const READY_TIMEOUT_MS = 120_000;

/** Where and how apps run, the same for all. */
export interface LaunchPlace {
  readonly root: string;
  readonly runDir: string;
  readonly logsDir: string;
  /** Variables besides the app's own settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent: (event: LocalEvent) => void;
  readonly signal: AbortSignal;
  readonly force: AbortSignal;
  readonly stopList: StopList;
}

/** Starts planned apps, and knows those that it started. */
export interface Launcher {
  /** Starts an app. `replan` is asked at every further start, for settings that change while it runs. */
  launch(plan: AppPlan, replan?: () => AppPlan): SupervisedApp;
  /** Starts an app and waits until it answers `/health`. Throws `app_failed`, which names its log. */
  launchHealthy(plan: AppPlan, replan?: () => AppPlan): Promise<SupervisedApp>;
  /** The newest process of each app. */
  pids(): Partial<Record<AppName, number>>;
}

/** Returns the launcher of one start. */
export function createLauncher(place: LaunchPlace): Launcher {
  const apps = new Map<AppName, SupervisedApp>();

  function launch(plan: AppPlan, replan: () => AppPlan = () => plan): SupervisedApp {
    const app = superviseApp({
      name: plan.name,
      command: [process.execPath, ...plan.args],
      cwd: place.root,
      environment: () => ({ ...place.environment, ...replan().environment }),
      logFile: join(place.logsDir, `${plan.name}.log`),
      runDir: place.runDir,
      onEvent: place.onEvent,
      force: place.force,
    });
    apps.set(plan.name, app);
    place.stopList.add(plan.name, () => app.stop());
    return app;
  }

  return {
    launch,
    async launchHealthy(plan, replan) {
      const app = launch(plan, replan);
      await waitUntilReady(app, `${plan.url}/health`, { signal: place.signal, timeoutMs: READY_TIMEOUT_MS });
      return app;
    },
    pids: () => Object.fromEntries([...apps].map(([name, app]) => [name, app.pid()])),
  };
}
