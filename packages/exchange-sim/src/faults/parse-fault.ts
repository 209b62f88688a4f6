import { AppError, err, ok, type Result } from '@candlecast/domain';
import type { Fault } from './fault.ts';

/** Says what a value must be, or undefined when it is that. */
type Check = (value: unknown) => string | undefined;
type Shape = Readonly<Record<string, Check>>;

const whole =
  (low: number, high = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= low && value <= high
      ? undefined
      : `a whole number from ${low} to ${high}`;
const count = whole(0);
const shift = whole(-1e13, 1e13);
const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const chance: Check = (value) => (typeof value === 'number' && value > 0 && value <= 1 ? undefined : 'a number above 0, up to 1');
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `one of ${values.join(', ')}`;

const AIM: Shape = { seed: whole(0), count, skip: count, probability: chance, durationMs: count, venueDurationMs: count };
const LINKS: Shape = { count, stream: text, choose: oneOf('newest', 'oldest', 'random'), seed: whole(0) };
const FRAMES: Shape = { ...AIM, stream: text, symbol: text, only: oneOf('closing', 'running') };
const CUTS = oneOf('fin', 'rst', 'midFrame', 'midFrameRst', 'noReason');
const STATUSES = [400, 403, 418, 429, 451, 500, 502, 503, 504];
const ANSWERS = ['timeout', 'slowBody', 'cutBody', 'emptyPage', 'stale', 'bookShift', 'corruptJson', 'newEnum', 'wrongType'];
const LONGEST_NOTICE_MS = 600_000;

/** Per kind what it must and what it may have. */
const KINDS: Readonly<Record<Fault['kind'], { readonly must?: Shape; readonly may?: Shape }>> = {
  dropLinks: { must: { how: CUTS }, may: LINKS },
  halfOpen: { may: LINKS },
  muteLinks: { may: LINKS },
  pingFlood: { may: { ...LINKS, pings: whole(1, 100_000) } },
  expireLinks: { may: LINKS },
  serverShutdown: { may: { ...LINKS, noticeMs: whole(0, LONGEST_NOTICE_MS), venueNoticeMs: whole(0, LONGEST_NOTICE_MS) } },
  cutNewLinks: { must: { afterMs: count }, may: { ...AIM, how: CUTS } },
  refuseLinks: { may: { ...AIM, answer: oneOf(400, 403, 418, 429, 451, 500, 502, 503, 'reset') } },
  refuseConnections: { must: { durationMs: whole(1, LONGEST_NOTICE_MS) } },
  ignoreControl: { may: { ...AIM, moreThan: count } },
  frames: { may: FRAMES },
  muteStream: { must: { stream: text }, may: FRAMES },
  delayClose: { must: { delayMs: count }, may: FRAMES },
  omitClose: { may: FRAMES },
  rest: {
    must: { answer: oneOf(...STATUSES, ...ANSWERS) },
    may: {
      ...AIM,
      calls: count,
      code: whole(-9_999, 0),
      path: text,
      symbol: text,
      retryAfterS: count,
      ageMs: count,
      byMs: shift,
      bodyMs: whole(0, 600_000),
    },
  },
  timeJump: { must: { byMs: shift }, may: { ...AIM, of: oneOf('server', 'events', 'both') } },
  hole: { must: { symbol: text, from: count, to: count } },
  offGrid: { must: { symbol: text, from: count, to: count, shiftMs: whole(1, 59_999) } },
  clear: { may: { id: count } },
};

/** The same per `how` of a fault on frames. */
const HARMS: Readonly<Record<Extract<Fault, { kind: 'frames' }>['how'], { readonly must?: Shape; readonly may?: Shape }>> = {
  drop: {},
  repeat: { may: { times: whole(1, 1_000) } },
  delay: { must: { delayMs: count } },
  reorder: { may: { window: whole(1, 100) } },
  replay: { may: { back: whole(1, 500), instead: flag } },
  corruptJson: {},
  corruptUtf8: {},
  truncate: {},
  wrongType: {},
  badNumber: { may: { value: oneOf('NaN', 'negative', '1e400') } },
  unknownEvent: {},
  unknownField: {},
  newEnum: {},
  wrongSymbol: { may: { as: text } },
  oversize: { may: { bytes: whole(1, 67_108_864) } },
  shiftTime: { must: { byMs: shift } },
};

/** Reads a fault from JSON text. Refuses what it does not know, misspelt names included: a fault that does nothing would pass every test. */
export function parseFault(json: string): Result<Fault> {
  const refuse = (why: string) => err(new AppError('fault_invalid', why));
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    return err(new AppError('fault_invalid', 'the fault is not JSON', { cause }));
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return refuse('a fault is an object');
  const { kind, how, ...values } = parsed as Record<string, unknown>;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind))
    return refuse(`fault kind "${kind}" is not one of ${Object.keys(KINDS).join(', ')}`);
  const { must = {}, may = {} } = KINDS[kind as Fault['kind']];
  if (kind !== 'frames') {
    const fields = how === undefined ? values : { ...values, how };
    return check(kind, fields, must, may) ?? checkRange(values) ?? ok(parsed as Fault);
  }
  if (typeof how !== 'string' || !Object.hasOwn(HARMS, how)) return refuse(`frames needs how: one of ${Object.keys(HARMS).join(', ')}`);
  const harm = HARMS[how as keyof typeof HARMS];
  return check(`frames ${how}`, values, { ...must, ...harm.must }, { ...may, ...harm.may }) ?? ok(parsed as Fault);

  function check(name: string, fields: Record<string, unknown>, needed: Shape, allowed: Shape) {
    const known = { ...allowed, ...needed };
    for (const [field, value] of Object.entries(fields)) {
      if (!Object.hasOwn(known, field)) return refuse(`${name} knows no ${field}`);
      const wanted = known[field]?.(value);
      if (wanted !== undefined) return refuse(`${field} of ${name} is ${JSON.stringify(value)}, not ${wanted}`);
    }
    const missing = Object.keys(needed).filter((field) => fields[field] === undefined);
    return missing.length > 0 ? refuse(`${name} needs ${missing.join(', ')}`) : undefined;
  }

  function checkRange({ from, to }: Record<string, unknown>) {
    return typeof from === 'number' && typeof to === 'number' && from >= to ? refuse(`from ${from} is not before to ${to}`) : undefined;
  }
}
