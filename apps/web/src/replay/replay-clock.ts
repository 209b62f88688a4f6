import { addMs, type EpochMs, parseIso, toIso } from '@candlecast/domain';

/** How the time of a replay runs: it was `replayFrom` there when it was `anchoredAt` on this machine. */
export interface ReplayPace {
  readonly replayFrom: EpochMs;
  /** How many times as fast as real time; 0 stands still. */
  readonly speed: number;
  readonly anchoredAt: EpochMs;
}

/** A replay that somebody asks for, without its place in real time. */
export type ReplayWish = Pick<ReplayPace, 'replayFrom' | 'speed'>;

/** The speeds that a person can choose, slowest first. */
export const SPEEDS = [1, 5, 15, 60, 300, 900, 3_600] as const;
export const DEFAULT_SPEED = 60;
const MAX_SPEED = 3_600;

/** A wish, or why the address holds none. */
export type ParsedReplay = { readonly ok: true; readonly wish: ReplayWish } | { readonly ok: false; readonly problem: string };

/**
 * Reads `at` (ISO-8601; what a date-time picker sends, without a zone, is UTC) and `speed` (0 to 3600) of an address. Undefined when there is
 * no `at`. A value that cannot be is refused with a sentence that names it and its rule.
 */
export function parseReplay(read: (name: string) => string | undefined): ParsedReplay | undefined {
  const at = read('at')?.trim();
  if (at === undefined || at === '') return undefined;
  const replayFrom = parseIso(/[zZ]$|[+-]\d{2}:\d{2}$/.test(at) ? at : `${at}Z`) ?? parseIso(at);
  if (replayFrom === undefined) return { ok: false, problem: `"${at}" is not a date and time such as 2022-01-03T01:00` };
  const text = read('speed')?.trim() ?? `${DEFAULT_SPEED}`;
  const speed = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? +text : Number.NaN;
  if (!(speed >= 0 && speed <= MAX_SPEED)) return { ok: false, problem: `speed "${text}" is not a number from 0 to ${MAX_SPEED}` };
  return { ok: true, wish: { replayFrom, speed } };
}

/** Returns the time of a replay at a moment of this machine's time. It never lies before its beginning. */
export function replayTimeAt({ replayFrom, speed, anchoredAt }: ReplayPace, wallTime: EpochMs): EpochMs {
  return addMs(replayFrom, Math.floor(Math.max(0, wallTime - anchoredAt) * speed));
}

/** Returns the time of a replay that nothing can be asked beyond `present`: what the venue's time was at `openedAt`, and real time since. */
export function momentAt(
  pace: ReplayPace,
  { present, openedAt }: { readonly present: EpochMs; readonly openedAt: EpochMs },
  wallTime: EpochMs,
): EpochMs {
  const latest = addMs(present, Math.max(0, wallTime - openedAt));
  const time = replayTimeAt(pace, wallTime);
  return time < latest ? time : latest;
}

/** Returns the replay as it goes on from where it stands at `wallTime`, at another speed. */
export function withSpeed(pace: ReplayPace, speed: number, wallTime: EpochMs): ReplayPace {
  return { replayFrom: replayTimeAt(pace, wallTime), speed, anchoredAt: wallTime };
}

/** Returns the `clock` of a subscription, as the API takes it. */
export function toClockInput({ replayFrom, speed, anchoredAt }: ReplayPace): {
  readonly replayFrom: string;
  readonly speed: number;
  readonly anchoredAt: string;
} {
  return { replayFrom: toIso(replayFrom), speed, anchoredAt: toIso(anchoredAt) };
}

/** Returns the address of a replay that begins at `replayFrom`; `workspace` is the query of the workspace's own address. */
export function replayHref({ replayFrom, speed }: ReplayWish, workspace = ''): string {
  const own = new URLSearchParams({ at: toIso(replayFrom), speed: `${speed}` });
  return `/replay?${own}${workspace === '' ? '' : `&${workspace}`}`;
}
