import { addMs, DAY_MS, parseIso, toIso } from '@candlecast/domain';

const ROWS = 25;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A page of one day's totals: what the address asks for, and what is asked of the gateway, in the order in which both ask. */
export interface DayPage {
  /** A UTC day: "2026-11-29". */
  readonly day: string;
  readonly variables: {
    readonly day: string;
    readonly first?: number;
    readonly after?: string;
    readonly last?: number;
    readonly before?: string;
  };
}

/**
 * Returns the page that an address asks for. Without a day, or with a text that is none, it is the newest whole one: the day before `newest`,
 * the time of the venue's newest data; today where nothing is known of it.
 */
export function readDayPage(read: (name: string) => string | undefined, newest: string | null | undefined, today: string): DayPage {
  const asked = read('day');
  const day = asked !== undefined && isDay(asked) ? asked : dayBefore(newest ?? today);
  const [after, before] = [read('after'), read('before')];
  if (before) return { day, variables: { day, last: ROWS, before } };
  return { day, variables: after ? { day, first: ROWS, after } : { day, first: ROWS } };
}

function isDay(text: string): boolean {
  const time = DAY.test(text) ? parseIso(text) : undefined;
  return time !== undefined && toIso(time).startsWith(text);
}

function dayBefore(iso: string): string {
  const time = parseIso(iso);
  if (time === undefined) throw new RangeError(`"${iso}" is not an ISO-8601 instant`);
  return toIso(addMs(time, -DAY_MS)).slice(0, 10);
}
