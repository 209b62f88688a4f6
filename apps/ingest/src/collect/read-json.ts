import { type Decimal, type EpochMs, parseDecimalText, parseIso } from '@candlecast/domain';
import { type JSONValue, jsonpath } from 'json-p3';
import { z } from 'zod';
import { sourceFailure } from './source-failure.ts';
import { type SourceReading, type TimeUnit, timeUnit } from './source-kind.ts';

/** Where the value stands in a JSON document, and its time where that is told: JSONPath (RFC 9535), such as `$.values[-1].y`. */
export const JSON_SETTINGS = {
  value: jsonPath(),
  time: z.strictObject({ path: jsonPath(), unit: timeUnit }).optional(),
};
export interface JsonSettings {
  readonly value: string;
  readonly time?: { readonly path: string; readonly unit: TimeUnit } | undefined;
}

const SHOWN = 80;

/** Returns the JSON document of a text; throws `source_invalid`. */
export function parseJson(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch (cause) {
    throw sourceFailure('source_invalid', `the answer is not JSON but begins with "${text.trim().slice(0, SHOWN)}"`, cause);
  }
}

/** Tells whether the path of the value finds anything. */
export function hasValue(document: JSONValue, { value }: JsonSettings): boolean {
  return jsonpath.query(value, document).length > 0;
}

/** Reads value and time out of a document. Numbers in quotes are numbers, too. Throws `value_…` and `time_invalid`. */
export function readJson(document: JSONValue, { value, time }: JsonSettings): SourceReading {
  const [found, ...others] = jsonpath.query(value, document).values();
  if (found === undefined || found === null) throw sourceFailure('value_absent', `path ${value} finds nothing`);
  if (others.length > 0) throw sourceFailure('value_ambiguous', `path ${value} finds ${others.length + 1} values in place of one`);
  return { value: toValue(found, value), eventTime: time ? toTime(jsonpath.query(time.path, document).values(), time.unit) : null };
}

function toValue(found: JSONValue, path: string): Decimal {
  const decimal = typeof found === 'number' || typeof found === 'string' ? parseDecimalText(`${found}`) : undefined;
  if (decimal === undefined)
    throw sourceFailure('value_invalid', `path ${path} finds ${JSON.stringify(found).slice(0, SHOWN)}, which is not a number`);
  return decimal;
}

function toTime(found: readonly JSONValue[], unit: TimeUnit): EpochMs {
  const text = found.length === 1 ? `${found[0]}` : '';
  const time = unit === 'iso' ? parseIso(text) : countTime(text, unit);
  if (time === undefined) throw sourceFailure('time_invalid', `the time "${text.slice(0, SHOWN)}" is not one in ${unit}`);
  return time;
}

function countTime(text: string, unit: Exclude<TimeUnit, 'iso'>): EpochMs | undefined {
  const [, whole, fraction = ''] = /^(\d{1,15})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = unit === 'seconds' ? `${whole}${fraction.slice(0, 3).padEnd(3, '0')}` : whole;
  return Number.parseInt(digits, 10) as EpochMs;
}

function jsonPath() {
  return z.string().superRefine((path, context) => {
    try {
      jsonpath.compile(path);
    } catch (cause) {
      context.addIssue({ code: 'custom', message: `must be a JSONPath: ${cause instanceof Error ? cause.message : String(cause)}` });
    }
  });
}
