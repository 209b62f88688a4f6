import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseSources, readSourcesFile } from './read-sources-file.ts';

const SOURCE = {
  key: 'mempool.count',
  about: 'transactions',
  kind: 'json',
  url: 'https://host.test/a',
  value: '$.count',
  min: 0,
  max: '9.5',
};
const parse = (...sources: unknown[]) => parseSources(JSON.stringify({ sources }), 'file');
const problemsOf = (...sources: unknown[]) => {
  const found = parse(...sources);
  return found.ok ? [] : found.error.message.split('\n');
};
const READY = new URL('../../../../deploy/series-sources.json', import.meta.url);

describe('the file of sources', () => {
  it('says what is read and how', () => {
    const found = parse(SOURCE, { ...SOURCE, key: 'off', enabled: false });
    expect(found.ok && found.value).toEqual([
      { ...SOURCE, enabled: true, min: '0', max: '9.5', timeoutMs: 15_000, headers: {}, time: undefined },
    ]);
  });

  it('is refused with every problem at once, by place and rule, and without its secrets', () => {
    const problems = problemsOf(
      { ...SOURCE, key: 'No Key', url: 'ftp://host.test' },
      { ...SOURCE, value: '$[', min: 10, max: 1 },
      { ...SOURCE, min: 10, max: 1 },
      SOURCE,
      { ...SOURCE, key: 'b', kind: 'carrier pigeon' },
      { ...SOURCE, key: 'c', headers: { authorization: 7 }, surprise: 1 },
      { ...SOURCE, key: 'd', url: 'https://me:hush@host.test/' },
      { key: 'e', about: 'a page', kind: 'page', url: 'https://host.test', selector: 'p:::', min: 0, max: 1 },
    );
    expect(problems.map((line) => line.replace(/JSONPath: .*|CSS selector: .*/, '…'))).toEqual([
      'file: source 1, key: must be words of small letters, digits and _, at most three, with dots between',
      'file: source 1, url: must begin with https:// or http://',
      'file: source 2, value: must be a …',
      'file: source 3, min: must be below max',
      'file: source 4, key: "mempool.count" is that of an earlier source',
      expect.stringMatching(/^file: source 5, kind: /),
      expect.stringMatching(/^file: source 6, headers.authorization: /),
      expect.stringMatching(/^file: source 6, as a whole: .*surprise/),
      'file: source 7, url: must not hold a password: send it as a header',
      'file: source 8, selector: must be a …',
    ]);
    expect(problems.join()).not.toContain('hush');
  });

  it('is refused when it is not there, not JSON or another thing', async () => {
    expect(await readSourcesFile('/nowhere/sources.json')).toMatchObject({ ok: false, error: { code: 'config_invalid' } });
    expect(parseSources('{', 'file')).toMatchObject({ ok: false, error: { message: expect.stringContaining('file: must be JSON') } });
    expect(parseSources('[]', 'file')).toMatchObject({ ok: false });
    expect(parseSources('{"sources": [], "source": []}', 'file')).toMatchObject({ ok: false });
  });

  it('that is ready-made holds what is promised, all of it off', async () => {
    const text = await readFile(READY, 'utf8');
    expect(parseSources(text, 'ready-made')).toEqual({ ok: true, value: [] });
    const on = parseSources(text.replaceAll('"enabled": false', '"enabled": true'), 'ready-made');
    const keys = on.ok ? on.value.map(({ key }) => key) : [];
    for (const key of ['mempool.count', 'bitcoin.tps', 'tweets.bitcoin', 'sp500', 'gold', 'oil', 'msci_world', 'nasdaq'])
      expect(keys).toContain(key);
    expect(new Set(on.ok ? on.value.map(({ kind }) => kind) : [])).toEqual(new Set(['json', 'page', 'websocket']));
  });
});
