import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

describe('createLogger', () => {
  it('writes one JSON object a line with the service named once, and nothing below its level', () => {
    const module = new URL('./logger.ts', import.meta.url).href;
    const code = `const { createLogger } = await import('${module}'); const log = createLogger('ingest', 'warn'); log.info('quiet'); log.warn('heard');`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { encoding: 'utf8' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([{ level: 40, time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'ingest', msg: 'heard' }]);
  });
});
