import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryProgress, TrainingProgress } from './local-event.ts';
import { probeExchange } from './probe-exchange.ts';
import type { SupervisedApp } from './supervise-app.ts';
import { watchHistory, watchTraining } from './watch-apps.ts';

let server: Server;
let url: string;
let answers: Record<string, unknown[]>;
const app: SupervisedApp = { name: 'ingest', logFile: '/dev/null', pid: () => 1, failures: () => 0, stop: async () => undefined };
const signal = new AbortController().signal;

// Each path answers its list one by one and then the last for ever; null is "not yet".
beforeEach(async () => {
  server = createServer((request, response) => {
    const list = answers[request.url ?? ''] ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer === undefined || answer === null) response.writeHead(503).end();
    else if (answer !== 'silence') response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('watchHistory', () => {
  it('tells how far ingest is until that is ready', async () => {
    const status = { counts: { BACKFILLING: 2, LIVE: 1 }, rowsDone: 10, rowsWanted: 20 };
    answers = { '/ready': [null, null, { ready: true }], '/status': [{ counts: {}, rowsDone: 0, rowsWanted: 0 }, status] };
    const seen: HistoryProgress[] = [];
    expect(await watchHistory(app, url, signal, (progress) => seen.push(progress))).toBe(true);
    expect(seen).toEqual([{ rowsDone: 10, rowsWanted: 20, liveInstruments: 1, instruments: 3 }]);
  });

  it('fails when ingest keeps ending', async () => {
    answers = {};
    const hopeless = { ...app, failures: () => 3 };
    await expect(watchHistory(hopeless, url, signal, () => undefined)).rejects.toMatchObject({ code: 'app_failed' });
  });
});

describe('watchTraining', () => {
  it('reports each change and ends with a model', async () => {
    const at = (phase: string, epoch: number, model: TrainingProgress['model'] = null) => ({ phase, epoch, epochs: 2, model });
    const lstm = { name: 'lstm', version: '1' };
    answers = { '/status': [null, at('training', 1), at('training', 1), at('training', 2), at('serving', 2, lstm)] };
    const seen: TrainingProgress[] = [];
    await watchTraining(url, signal, (progress) => seen.push(progress));
    expect(seen.map(({ epoch, model }) => [epoch, model])).toEqual([
      [1, null],
      [2, null],
      [2, lstm],
    ]);
  });
});

describe('probeExchange', () => {
  it('takes an answer for a sign of life, and a refusal, silence or nobody for none', async () => {
    answers = { '/api/v3/ping': [{}] };
    expect(await probeExchange(`${url}/`)).toBe(true);
    answers = { '/api/v3/ping': [null] };
    expect(await probeExchange(url)).toBe(false);
    answers = { '/api/v3/ping': ['silence'] };
    expect(await probeExchange(url, 50)).toBe(false);
    expect(await probeExchange('http://127.0.0.1:1')).toBe(false);
  });
});
