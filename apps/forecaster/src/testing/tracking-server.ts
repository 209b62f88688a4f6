import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Stored {
  readonly info: Record<string, unknown>;
  readonly params: { key: string; value: string }[];
  readonly metrics: { key: string; value: number; step: number }[];
  readonly tags: { key: string; value: string }[];
}

/**
 * Starts as much of an MLflow tracking server on loopback as an export needs, by its REST reference: an experiment and a model are made once, a
 * parameter is written once, runs are found by a tag.
 */
export async function startTrackingServer() {
  const experiments = new Map<string, string>();
  const runs = new Map<string, Stored>();
  const models = new Map<string, { source: string; run_id: string }[]>();

  function answer(path: string, body: Record<string, never>): unknown {
    const run = runs.get(body.run_id ?? '');
    if (path === 'experiments/get-by-name') {
      const id = experiments.get(body.experiment_name ?? '');
      return id === undefined ? undefined : { experiment: { experiment_id: id } };
    }
    if (path === 'experiments/create') {
      experiments.set(body.name ?? '', `${experiments.size + 1}`);
      return { experiment_id: `${experiments.size}` };
    }
    if (path === 'runs/search') {
      const value = /= '(.*)'$/.exec(body.filter ?? '')?.[1];
      return { runs: [...runs.values()].filter(({ tags }) => tags.some((tag) => tag.value === value)) };
    }
    if (path === 'runs/create') {
      const id = `run-${runs.size + 1}`;
      runs.set(id, { info: { ...body, run_id: id }, params: [], metrics: [], tags: [] });
      return { run: { info: { run_id: id } } };
    }
    if (path === 'registered-models/create') {
      if (models.has(body.name ?? '')) return undefined;
      models.set(body.name ?? '', []);
      return {};
    }
    if (path === 'model-versions/create') {
      models.get(body.name ?? '')?.push({ source: body.source ?? '', run_id: body.run_id ?? '' });
      return {};
    }
    if (!run) throw new Error(`${path} names no run`);
    if (path === 'runs/log-batch') {
      run.params.push(...(body.params as unknown as Stored['params']));
      run.metrics.push(...(body.metrics as unknown as Stored['metrics']));
      return {};
    }
    if (path === 'runs/update') return Object.assign(run.info, body);
    if (path === 'runs/set-tag') return run.tags.push({ key: body.key ?? '', value: body.value ?? '' });
    throw new Error(`no such path: ${path}`);
  }

  const server = createServer(async (request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const body = request.method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(await text(request));
    const found = answer(url.pathname.replace('/api/2.0/mlflow/', ''), body);
    const code = url.pathname.endsWith('create') ? 'RESOURCE_ALREADY_EXISTS' : 'RESOURCE_DOES_NOT_EXIST';
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { error_code: code, message: 'as it says' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { uri: `http://127.0.0.1:${port}`, experiments, runs, models, close: () => server.close() };
}
