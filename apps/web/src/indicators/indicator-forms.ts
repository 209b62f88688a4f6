import { INDICATOR_KINDS, type IndicatorChoice, type IndicatorKind } from './indicator-choice.ts';

interface Setting {
  readonly label: string;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/** How an indicator is called and what can be set, all of it whole numbers: periods in candles, the width of bands in deviations. */
export interface IndicatorForm {
  readonly name: string;
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** The most indicators of one chart. */
export const MOST_INDICATORS = 8;

const period = (usual: number, label = 'Period'): Setting => ({ label, usual, least: 1, most: 500 });

const FORMS: Readonly<Record<IndicatorKind, IndicatorForm>> = {
  sma: { name: 'SMA', title: 'Simple moving average', settings: [period(20)] },
  ema: { name: 'EMA', title: 'Exponential moving average', settings: [period(20)] },
  bb: {
    name: 'BB',
    title: 'Bollinger bands',
    settings: [period(20), { label: 'Deviations', usual: 2, least: 1, most: 5 }],
  },
  vwap: { name: 'VWAP', title: 'Volume-weighted average price of the UTC day', settings: [] },
  rsi: { name: 'RSI', title: 'Relative strength index', settings: [period(14)] },
  macd: {
    name: 'MACD',
    title: 'Moving average convergence divergence',
    settings: [period(12, 'Fast'), period(26, 'Slow'), period(9, 'Signal')],
  },
};

export function formOf(kind: IndicatorKind): IndicatorForm {
  return FORMS[kind];
}

/** Returns an indicator with its usual settings. */
export function usualChoice(kind: IndicatorKind): IndicatorChoice {
  return { kind, settings: FORMS[kind].settings.map(({ usual }) => usual) };
}

/** Returns why the settings cannot be, naming value and rule; undefined when they can. */
export function faultOf({ kind, settings }: IndicatorChoice): string | undefined {
  const form = FORMS[kind];
  if (settings.length !== form.settings.length) return `${form.name} has ${form.settings.length} settings, not ${settings.length}`;
  for (const [index, { label, least, most }] of form.settings.entries()) {
    const value = settings[index] ?? Number.NaN;
    if (!Number.isInteger(value) || value < least || value > most) {
      return `${form.name}: ${label.toLowerCase()} "${Number.isNaN(value) ? '' : value}" is not a whole number from ${least} to ${most}`;
    }
  }
  if (kind === 'macd' && (settings[0] ?? 0) >= (settings[1] ?? 0)) return `MACD: fast ${settings[0]} is not below slow ${settings[1]}`;
  return undefined;
}

/** Reads "sma20.rsi14": what is none, or stands there twice, is left out; at most `MOST_INDICATORS`. */
export function parseChoices(text: string): readonly IndicatorChoice[] {
  const unique = [...new Set(text.split('.'))];
  return unique.flatMap((part) => parseChoice(part) ?? []).slice(0, MOST_INDICATORS);
}

function parseChoice(text: string): IndicatorChoice | undefined {
  const [, name, numbers = ''] = /^([a-z]+)(\d{1,3}(?:-\d{1,3}){0,2})?$/.exec(text) ?? [];
  const kind = INDICATOR_KINDS.find((known) => known === name);
  if (!kind) return undefined;
  const choice = { kind, settings: numbers === '' ? [] : numbers.split('-').map((part) => Number.parseInt(part, 10)) };
  return faultOf(choice) === undefined ? choice : undefined;
}
