import { describe, expect, it } from 'vitest';
import { createMetrics, startHealthServer } from './health-server.ts';

describe('startHealthServer', () => {
  it('answers health at once and ready only when every check passes', async () => {
    let ready = false;
    const server = await startHealthServer({
      host: '127.0.0.1',
      port: 0,
      metrics: createMetrics(),
      checks: [{ name: 'database', check: () => ({ ready, detail: ready ? null : 'no answer yet' }) }],
    });
    const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
    try {
      expect((await get('/health')).status).toBe(200);
      const before = await get('/ready');
      expect(before.status).toBe(503);
      expect(await before.json()).toEqual({ ready: false, checks: [{ name: 'database', ready: false, detail: 'no answer yet' }] });
      ready = true;
      expect((await get('/ready')).status).toBe(200);
      expect(await (await get('/metrics')).text()).toContain('process_cpu_seconds_total');
      expect((await get('/else')).status).toBe(404);
    } finally {
      await server.close();
    }
  });
});
