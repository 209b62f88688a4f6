import { type Decimal, type EpochMs, isDecimal, isSeriesKey } from '@candlecast/domain';
import { z } from 'zod';
import type { BodyReader } from './body-reader.ts';

/** What a source said: its number, and what time it is about where the source tells. */
export interface SourceReading {
  readonly value: Decimal;
  readonly eventTime: EpochMs | null;
}

/** What a kind reads with. */
export interface SourceTools {
  readonly bodies: BodyReader;
  /** Ends the reading; the source's own limit of time is in it. */
  readonly signal: AbortSignal;
}

/** A way of reading sources: one file in `kinds/`, and its line in `source-kinds.ts`. */
export interface SourceKind<S extends z.ZodObject> {
  /** Checks what the file of sources says of one. */
  readonly schema: S;
  /** Reads it once. Throws an AppError with a code of SOURCE_FAILURES. */
  read(source: z.output<S>, tools: SourceTools): Promise<SourceReading>;
}

/** Why a reading failed, and whether another try in a while may do better. */
export const SOURCE_FAILURES = {
  /** No connection, or one that broke. */
  source_unreachable: true,
  /** Not done within the source's limit of time. */
  source_timeout: true,
  /** The host asks for fewer requests, or has a failure of its own: status 429 or 5xx. */
  source_busy: true,
  /** The host refuses the request: any other status than 200. */
  source_refused: false,
  /** More bytes than MOST_BYTES. */
  source_too_large: false,
  /** Not the JSON that it should be. */
  source_invalid: false,
  /** The path or the selector finds nothing. */
  value_absent: false,
  /** It finds more than one thing, or a text with more than one number. */
  value_ambiguous: false,
  /** What it finds is not a number. */
  value_invalid: false,
  /** Below `min` or above `max`. */
  value_out_of_bounds: false,
  /** The time of the value is absent or not a time, lies in the future, or before 2009. */
  time_invalid: false,
} as const;
export type SourceFailure = keyof typeof SOURCE_FAILURES;

/** Bytes that an answer may have. */
export const MOST_BYTES = 4 * 1_024 * 1_024;

const bound = z
  .union([z.number(), z.string()])
  .transform(String)
  .refine((text): text is Decimal => isDecimal(text), 'must be a plain decimal number');

const headers = z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/, 'must be a header name'), z.string().min(1).max(4_096));

/** What the file says of a source of any kind. */
export const COMMON_SETTINGS = {
  key: z.string().refine(isSeriesKey, 'must be words of small letters, digits and _, at most three, with dots between'),
  /** What the series is, for people. */
  about: z.string().min(1).max(300),
  /** A source that is not is skipped. */
  enabled: z.boolean().default(true),
  /** What a value may be, both ends included. */
  min: bound,
  max: bound,
  timeoutMs: z.number().int().min(100).max(30_000).default(15_000),
  /** Sent along; may hold secrets, so it is never printed. */
  headers: headers.default({}),
};

/** A time as JSON has it: the unit in which it counts from 1970, or ISO-8601 with a time zone. */
export const timeUnit = z.enum(['seconds', 'milliseconds', 'iso']);
export type TimeUnit = z.output<typeof timeUnit>;

/** Checks an address: its protocol is one of `protocols`, and it holds no password. */
export function address(...protocols: readonly string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text), 'must be an address')
    .refine((text) => !URL.canParse(text) || protocols.includes(new URL(text).protocol), `must begin with ${protocols.join('// or ')}//`)
    .refine((text) => !URL.canParse(text) || new URL(text).password === '', 'must not hold a password: send it as a header');
}
