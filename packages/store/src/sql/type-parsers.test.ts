import { describe, expect, it } from 'vitest';
import { typeParsers } from './type-parsers.ts';

const parse = (oid: number, text: string): unknown => typeParsers.getTypeParser(oid, 'text')(text);

describe('typeParsers', () => {
  it.each([
    [1184, '2026-11-21 05:40:41.123+00', Date.UTC(2026, 10, 21, 5, 40, 41, 123)],
    [1184, '2017-08-17 04:00:00+00', Date.UTC(2017, 7, 17, 4)],
    [1184, '1969-12-31 23:59:59.9+00', -100],
    [1184, '1969-12-31 23:59:59+00', -1_000],
    [1184, '0099-01-01 00:00:00+00', Date.parse('0099-01-01T00:00:00Z')],
    [20, '9007199254740991', Number.MAX_SAFE_INTEGER],
    [20, '-1', -1],
    [1700, '12345678901234567890.1234567800', '12345678901234567890.1234567800'],
    [1231, '{1.10,-0.000,100}', ['1.10', '-0.000', '100']],
    [1231, '{}', []],
  ])('reads type %i "%s" exactly', (oid, text, value) => {
    expect(parse(oid, text)).toEqual(value);
  });

  it.each([
    [1184, '2026-11-21 14:40:41+09'],
    [1184, 'infinity'],
    [1184, '10000-01-01 00:00:00+00'],
    [20, '9007199254740993'],
    [1231, '{1.10,NULL}'],
  ])('refuses type %i "%s", which would not be exact', (oid, text) => {
    expect(() => parse(oid, text)).toThrow(RangeError);
  });
});
