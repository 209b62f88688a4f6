import { type Decimal, parseDecimalText } from '@candlecast/domain';
import { sourceFailure } from './source-failure.ts';

const NUMBER_PATTERN = /[-−]?\d(?:[\d.,'’\s\u00a0\u202f]*\d)?/gu;
const MINUS_SIGNS = /^−/;
const SHOWN = 80;

/**
 * Returns the one number in a text for people, such as `$5,303.27` or, with a decimal comma, `5.303,27 €`: groups of thousands are joined.
 * Throws `value_absent` for a text without a number, `value_ambiguous` for one with several, `value_invalid` for one that is cut wrongly.
 */
export function readNumber(text: string, hasDecimalComma: boolean): Decimal {
  const found = text.match(NUMBER_PATTERN) ?? [];
  const shown = `"${text.trim().slice(0, SHOWN)}"`;
  const [only] = found;
  if (only === undefined) throw sourceFailure('value_absent', `text ${shown} holds no number`);
  if (found.length > 1) throw sourceFailure('value_ambiguous', `text ${shown} holds ${found.length} numbers in place of one`);
  const [point, groups] = hasDecimalComma ? [',', '.'] : ['.', ','];
  const plain = joinGroups(only.replace(MINUS_SIGNS, '-'), groups, point);
  const value = plain === undefined ? undefined : parseDecimalText(plain);
  if (value === undefined) throw sourceFailure('value_invalid', `text ${shown} holds no number with "${point}" before its decimals`);
  return value;
}

/** Undefined when the groups do not have three digits each. */
function joinGroups(number: string, groups: string, point: string): string | undefined {
  const [whole = '', fraction, ...rest] = number.split(point);
  if (rest.length > 0) return undefined;
  const parts = whole.split(new RegExp(`[${groups}'’\\s\\u00a0\\u202f]`, 'u'));
  const isGrouped = parts.every((part, index) => (index === 0 ? /^-?\d{1,3}$/ : /^\d{3}$/).test(part));
  if (parts.length > 1 && !isGrouped) return undefined;
  return fraction === undefined ? parts.join('') : `${parts.join('')}.${fraction}`;
}
