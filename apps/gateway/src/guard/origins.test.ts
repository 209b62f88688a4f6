import { describe, expect, it } from 'vitest';
import { isOriginAllowed, localOrigins } from './origins.ts';

const allowed = localOrigins(3000);

describe('isOriginAllowed', () => {
  it.each([
    ['no browser', undefined, 'localhost:4000', true],
    ['the web app', 'http://localhost:3000', '127.0.0.1:4000', true],
    ['the web app by address', 'http://127.0.0.1:3000', 'localhost:4000', true],
    ['another port of the same host', 'http://192.168.1.5:3001', '192.168.1.5:4000', true],
    ['a page served over TLS from the same host', 'https://candles.example', 'candles.example', true],
    ['another page', 'https://example.com', 'localhost:4000', false],
    ['a name that begins like ours', 'http://localhost.example.com:3000', 'localhost:4000', false],
    ['another port of localhost by another name', 'http://localhost:9999', '127.0.0.1:4000', false],
    ['a sandboxed page', 'null', 'localhost:4000', false],
    ['a file', 'file://', 'localhost:4000', false],
    ['nonsense', 'nonsense', 'localhost:4000', false],
    ['no host', 'http://localhost:9999', undefined, false],
  ])('decides on %s', (_, origin, host, expected) => {
    expect(isOriginAllowed(origin, host, allowed)).toBe(expected);
  });
});
