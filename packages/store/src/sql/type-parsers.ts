import { type EpochMs, toDecimal, toEpochMs } from '@candlecast/domain';
import pg from 'pg';

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const NUMERIC_ARRAY = 1231;
const ZERO = '0'.charCodeAt(0);

/**
 * How PostgreSQL's text becomes values here: `numeric` stays its own text (pg's default), `numeric[]` is a list of such texts,
 * `timestamptz` an EpochMs, `int8` a number. The session must run in UTC. What would not be exact throws a RangeError.
 */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    if (oid === INT8) return parseSafeInteger;
    if (oid === TIMESTAMPTZ) return parseTimestamp;
    if (oid === NUMERIC_ARRAY) return parseNumericArray;
    return pg.types.getTypeParser(oid, 'text');
  },
};

function parseSafeInteger(text: string): number {
  const value = Number.parseInt(text, 10);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the integers that a number holds exactly`);
  return value;
}

/** 2026-11-21 05:40:41+00: nearly every moment that is stored; a tenth of the time of Date.parse, twice for each of 1,000 candles. */
const WHOLE_SECONDS_LENGTH = 22;

function parseTimestamp(text: string): EpochMs {
  if (!text.endsWith('+00')) throw new RangeError(`"${text}" is not a moment in UTC`);
  const year = digits(text, 0) * 100 + digits(text, 2);
  const isPlain = text.length === WHOLE_SECONDS_LENGTH && year >= 100; // of the first century Date.UTC makes the twentieth
  if (!isPlain) return toEpochMs(Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`));
  return toEpochMs(Date.UTC(year, digits(text, 5) - 1, digits(text, 8), digits(text, 11), digits(text, 14), digits(text, 17)));
}

/** The number that two digits make. */
function digits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 11 * ZERO;
}

function parseNumericArray(text: string): string[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(toDecimal);
}
