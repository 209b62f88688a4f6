import { type EpochMs, parseIso, toIso } from '@candlecast/domain';
import { OUTCOME_TEXTS, type Outcome, outcomeOf } from './call-of.ts';
import { CARD_HORIZONS, type CardHorizon, parseCardHorizon } from './card-horizons.ts';

/** What the page of forecasts shows; undefined where the address leaves it open. */
export interface HistoryFilter {
  readonly symbol: string | undefined;
  readonly horizon: CardHorizon;
  readonly outcome: Outcome | undefined;
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  /** Cursor of the list: the page ends before it. */
  readonly before: string | undefined;
}

/** A filter, and what of the address could not be read, each with its value and rule. */
export interface ParsedFilter {
  readonly filter: HistoryFilter;
  readonly problems: readonly string[];
}

const OUTCOMES = Object.keys(OUTCOME_TEXTS) as Outcome[];
const SYMBOL = /^([A-Z]{2,10}:)?[\p{L}\p{N}._-]{1,40}$/u;

/** Reads the filter of an address. What cannot be is left out, and told. */
export function parseHistoryFilter(read: (name: string) => string | undefined): ParsedFilter {
  const problems: string[] = [];
  function take<T>(name: string, parse: (text: string) => T | undefined, rule: string): T | undefined {
    const text = read(name)?.trim();
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(`${name} "${text.slice(0, 60)}" is not ${rule}`);
    return value;
  }
  const filter: HistoryFilter = {
    symbol: take('symbol', (text) => (SYMBOL.test(text) ? text.toUpperCase() : undefined), 'a pair such as BTCUSDT'),
    horizon: take('horizon', parseCardHorizon, `one of ${CARD_HORIZONS.join(', ')}`) ?? '1h',
    outcome: take('outcome', (text) => OUTCOMES.find((outcome) => outcome === text), `one of ${OUTCOMES.join(', ')}`),
    from: take('from', parseMoment, 'a date and time such as 2022-01-03T01:00'),
    to: take('to', parseMoment, 'a date and time such as 2022-01-03T01:00'),
    before: take('before', (text) => (/^[\w=+/-]{1,200}$/.test(text) ? text : undefined), 'a cursor of this list'),
  };
  if (filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to) {
    problems.push(`from ${toIso(filter.from)} does not lie before to ${toIso(filter.to)}`);
  }
  return { filter, problems };
}

/** Returns the query of an address with that filter, empty values left out. */
export function filterQuery({ symbol, horizon, outcome, from, to, before }: HistoryFilter): string {
  const time = (moment: EpochMs | undefined) => (moment === undefined ? undefined : toIso(moment));
  const values = { symbol, horizon, outcome, from: time(from), to: time(to), before };
  return `${new URLSearchParams(Object.entries(values).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])))}`;
}

/** Returns those of the forecasts that came to the wanted outcome. */
export function withOutcome<T extends { readonly resolution: Parameters<typeof outcomeOf>[0] }>(
  forecasts: readonly T[],
  outcome: Outcome | undefined,
): readonly T[] {
  return outcome === undefined ? forecasts : forecasts.filter(({ resolution }) => outcomeOf(resolution) === outcome);
}

/** What a date-time picker sends has no zone: it is read as UTC. */
function parseMoment(text: string): EpochMs | undefined {
  return parseIso(text) ?? parseIso(`${text}Z`);
}
