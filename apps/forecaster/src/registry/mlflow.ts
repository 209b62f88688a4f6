import { AppError, type EndedRun } from '@candlecast/domain';

/** An MLflow tracking server. */
export interface Mlflow {
  /** Exports runs and the models that they made; one that is there already stays as it is. Throws `mlflow_unavailable`, which is worth another try. */
  exportRuns(runs: readonly EndedRun[], signal: AbortSignal): Promise<void>;
}

const TAG = 'candlecast.run';
const STATUS = { DONE: 'FINISHED', FAILED: 'FAILED', ABANDONED: 'KILLED' } as const;

/** Returns the server at `uri`; runs go into one experiment. See https://mlflow.org/docs/latest/rest-api.html. */
export function createMlflow({ uri, experiment, timeoutMs }: { uri: string; experiment: string; timeoutMs: number }): Mlflow {
  const base = `${uri.replace(/\/+$/, '')}/api/2.0/mlflow`;

  /** Asks the server; undefined where it answers with the error code `expected`. */
  async function ask<T>(method: 'GET' | 'POST', path: string, body: Record<string, unknown>, expected?: string): Promise<T | undefined> {
    const query = method === 'GET' ? `?${new URLSearchParams(body as Record<string, string>)}` : '';
    const init = method === 'GET' ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${base}/${path}${query}`, { method, ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw new AppError('mlflow_unavailable', `the tracking server does not answer ${path}`, { cause, retryable: true });
      },
    );
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as T;
    if (expected !== undefined && text.includes(expected)) return undefined;
    throw new AppError('mlflow_unavailable', `the tracking server answered ${response.status} to ${path}`, { retryable: true });
  }

  async function loadExperiment(): Promise<string> {
    const name = { experiment_name: experiment };
    const found = await ask<{ experiment: { experiment_id: string } }>('GET', 'experiments/get-by-name', name, 'RESOURCE_DOES_NOT_EXIST');
    if (found) return found.experiment.experiment_id;
    const made = await ask<{ experiment_id: string }>('POST', 'experiments/create', { name: experiment });
    return made?.experiment_id ?? '';
  }

  /** The tag that says which run it is comes last: one that was left half is exported again. */
  async function exportRun(experimentId: string, run: EndedRun): Promise<void> {
    const filter = `tags.\`${TAG}\` = '${run.id}'`;
    const known = await ask<{ runs?: unknown[] }>('POST', 'runs/search', { experiment_ids: [experimentId], filter, max_results: 1 });
    if ((known?.runs ?? []).length > 0) return;
    const begun = { experiment_id: experimentId, run_name: `${run.name} ${run.id.slice(0, 8)}`, start_time: run.startedAt };
    const made = await ask<{ run: { info: { run_id: string } } }>('POST', 'runs/create', begun);
    const runId = made?.run.info.run_id ?? '';
    await ask('POST', 'runs/log-batch', { run_id: runId, params: paramsOf(run), metrics: metricsOf(run) });
    if (run.model) await exportModel(runId, run.model);
    await ask('POST', 'runs/update', { run_id: runId, status: STATUS[run.state], end_time: run.endedAt });
    await ask('POST', 'runs/set-tag', { run_id: runId, key: TAG, value: run.id });
  }

  async function exportModel(runId: string, { name, version, artifactPath }: NonNullable<EndedRun['model']>): Promise<void> {
    await ask('POST', 'registered-models/create', { name }, 'RESOURCE_ALREADY_EXISTS');
    const tags = [{ key: 'candlecast.version', value: version }];
    await ask('POST', 'model-versions/create', { name, source: artifactPath ?? '', run_id: runId, tags });
  }

  return {
    async exportRuns(runs, signal) {
      const experimentId = runs.length > 0 ? await loadExperiment() : '';
      for (const run of runs) {
        signal.throwIfAborted();
        await exportRun(experimentId, run);
      }
    },
  };
}

function paramsOf({ parameters, seed, dataHash, codeVersion, venue }: EndedRun) {
  return Object.entries({ ...parameters, seed, dataHash, codeVersion, venue }).map(([key, value]) => ({ key, value: `${value}` }));
}

/** Final figures stand beside the curves under a name of their own. */
function metricsOf({ metrics, epochs, endedAt }: EndedRun) {
  const curve = epochs.flatMap(({ epoch, metrics: figures }) =>
    Object.entries(figures).map(([key, value]) => ({ key, value, step: epoch })),
  );
  const final = Object.entries(metrics).map(([key, value]) => ({ key: `final.${key}`, value, step: 0 }));
  return [...curve, ...final].map((figure) => ({ ...figure, timestamp: endedAt }));
}
