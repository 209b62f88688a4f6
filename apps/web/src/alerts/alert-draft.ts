import { compareDecimals, type Decimal, divideDecimals, INTERVALS, isDecimal, parseInterval, toDecimal } from '@candlecast/domain';
import { CARD_HORIZONS, parseCardHorizon } from '../forecasts/card-horizons.ts';
import type { CreateAlertInput } from '../graphql/documents/alerts.ts';

/** The rules that the page offers. The API has more. */
export const ALERT_RULES = {
  priceLevel: 'Price goes through a level',
  priceMove: 'Price moves by so many percent',
  averageCross: 'Averages cross',
  rsiLevel: 'RSI goes through a level',
  forecastFlip: 'Forecast flips',
  staleData: 'Data is stale',
} as const;
export type AlertRuleName = keyof typeof ALERT_RULES;

/** A rule as somebody fills it in: all text. */
export interface AlertDraft {
  readonly rule: AlertRuleName;
  readonly direction: 'EITHER' | 'UP' | 'DOWN';
  readonly level: string;
  readonly percent: string;
  readonly windowMinutes: string;
  readonly interval: string;
  readonly fast: string;
  readonly slow: string;
  readonly horizon: string;
  readonly intervals: string;
  readonly note: string;
  readonly once: boolean;
}

export const EMPTY_DRAFT: AlertDraft = {
  rule: 'priceLevel',
  direction: 'EITHER',
  level: '',
  percent: '1',
  windowMinutes: '15',
  interval: '5m',
  fast: '12',
  slow: '26',
  horizon: '1h',
  intervals: '3',
  note: '',
  once: false,
};

export type ParsedDraft = { readonly ok: true; readonly input: CreateAlertInput } | { readonly ok: false; readonly problem: string };

const NOTE_LETTERS = 200;
/** How far a move has to go back before it can fire again, in percentage points, where nothing is said. */
const USUAL_REARM = toDecimal('0.1');

/** Returns what the API is asked for, or a sentence that names the value and its rule. */
export function parseDraft(symbol: string, draft: AlertDraft): ParsedDraft {
  const note = draft.note.trim();
  try {
    if (note.length > NOTE_LETTERS) throw new Problem(`the note has ${note.length} letters, more than ${NOTE_LETTERS}`);
    return { ok: true, input: { symbol, rule: toRule(draft), note: note === '' ? null : note, once: draft.once, cooldownMs: 0 } };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { ok: false, problem: problem.message };
  }
}

class Problem extends Error {}

function toRule({ rule, direction, ...draft }: AlertDraft): CreateAlertInput['rule'] {
  switch (rule) {
    case 'priceLevel':
      return { priceLevel: { level: toPositive('level', draft.level), direction } };
    case 'priceMove': {
      const windowMinutes = toWhole('minutes', draft.windowMinutes, 1, 1_440);
      const percent = toPositive('percent', draft.percent);
      // A move that is smaller than what the API wants back by default could never be asked for.
      const isSmall = compareDecimals(percent, USUAL_REARM) < 0;
      return { priceMove: { percent, windowMinutes, direction, ...(isSmall ? { rearm: halfOf(percent) } : {}) } };
    }
    case 'averageCross': {
      const fast = toWhole('fast', draft.fast, 1, 199);
      return { averageCross: { interval: toInterval(draft.interval), fast, slow: toWhole('slow', draft.slow, fast + 1, 200), direction } };
    }
    case 'rsiLevel':
      return { rsiLevel: { interval: toInterval(draft.interval), level: toPositive('level', draft.level), direction } };
    case 'forecastFlip': {
      const horizon = parseCardHorizon(draft.horizon);
      if (!horizon) throw new Problem(`horizon "${draft.horizon}" is not one of ${CARD_HORIZONS.join(', ')}`);
      return { forecastFlip: { horizon, direction } };
    }
    case 'staleData':
      return { staleData: { interval: toInterval(draft.interval), intervals: toWhole('intervals', draft.intervals, 1, 1_000) } };
  }
}

function halfOf(value: Decimal): Decimal {
  return divideDecimals(value, toDecimal('2'), 8);
}

function toPositive(name: string, text: string): Decimal {
  const typed = text.trim();
  if (!isDecimal(typed) || typed.startsWith('-') || !/[1-9]/.test(typed)) throw new Problem(`${name} "${typed}" is not a number above 0`);
  return typed;
}

function toWhole(name: string, text: string, from: number, to: number): number {
  const value = /^\d{1,6}$/.test(text.trim()) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value >= from && value <= to)) throw new Problem(`${name} "${text.trim()}" is not a whole number from ${from} to ${to}`);
  return value;
}

function toInterval(text: string) {
  const interval = parseInterval(text);
  if (!interval) throw new Problem(`interval "${text}" is not one of ${INTERVALS.join(', ')}`);
  return interval;
}
