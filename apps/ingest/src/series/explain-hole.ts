import { type EpochMs, type GapReason, MINUTE_MS, parseIso, subtractRange, type TimeRange, toEpochMs } from '@candlecast/domain';
import { KNOWN_DELISTINGS, KNOWN_OUTAGES } from './known-outages.ts';

/** A part of a hole and why it is there. */
export interface ExplainedHole {
  readonly range: TimeRange;
  readonly reason: GapReason;
}

/** The published ends of an outage are rounded by hand: trading stopped and came back some minutes before or after. */
const TOLERANCE_MS = 5 * MINUTE_MS;

const OUTAGES = KNOWN_OUTAGES.map(([from, to]) => ({ from: timeOf(from, -TOLERANCE_MS), to: timeOf(to, TOLERANCE_MS) }));
const DELISTINGS = KNOWN_DELISTINGS.map(([symbol, from, to]) => ({ symbol, from: timeOf(from), to: timeOf(to) }));

/**
 * Cuts a hole by what is known of it, oldest part first: the time in which the pair was not listed is DELISTED, an outage of the whole
 * exchange EXCHANGE_OUTAGE, the rest `otherwise`. Says nothing of whether the hole is real: whoever asks has read twice, or has a file
 * and nobody to ask.
 */
export function explainHole(symbol: string, hole: TimeRange, otherwise: GapReason): ExplainedHole[] {
  const known = [
    ...DELISTINGS.filter((delisting) => delisting.symbol === symbol).map((range) => ({ range, reason: 'DELISTED' as const })),
    ...OUTAGES.map((range) => ({ range, reason: 'EXCHANGE_OUTAGE' as const })),
  ];
  const explained: ExplainedHole[] = [];
  let rest: TimeRange[] = [hole];
  for (const { range, reason } of known) {
    explained.push(...rest.flatMap((part) => intersect(part, range)).map((part) => ({ range: part, reason })));
    rest = rest.flatMap((part) => subtractRange(part, range));
  }
  return [...explained, ...rest.map((range) => ({ range, reason: otherwise }))].sort((a, b) => a.range.from - b.range.from);
}

function intersect(a: TimeRange, b: TimeRange): TimeRange[] {
  const from = Math.max(a.from, b.from) as EpochMs;
  const to = Math.min(a.to, b.to) as EpochMs;
  return from < to ? [{ from, to }] : [];
}

function timeOf(text: string, offsetMs = 0): EpochMs {
  const time = parseIso(text);
  if (time === undefined) throw new RangeError(`"${text}" in the list of outages is not a time`);
  return toEpochMs(time + offsetMs);
}
