import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@candlecast/client';
import { expect, it } from 'vitest';

/** What the client says of itself: the gateway never does. */
const OF_THE_CLIENT = ['NETWORK_ERROR', 'WEBSOCKET_MISSING'];

it('the error table of the guide has the codes that the client knows, each once', () => {
  const guide = readFileSync(new URL('../../../docs/api/errors.md', import.meta.url), 'utf8');
  const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(rows.sort()).toEqual(ERROR_CODES.filter((code) => !OF_THE_CLIENT.includes(code)).sort());
});
