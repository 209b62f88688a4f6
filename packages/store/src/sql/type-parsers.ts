import { type EpochMs, toDecimal, toEpochMs } from '@candlecast/domain';
import pg from 'pg';

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const NUMERIC_ARRAY = 1231;

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

function parseTimestamp(text: string): EpochMs {
  if (!text.endsWith('+00')) throw new RangeError(`"${text}" is not a moment in UTC`);
  return toEpochMs(Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`));
}

function parseNumericArray(text: string): string[] {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(toDecimal);
}
