/** Mistakes in the JSON text of an event. `pick` is 32 random bits: the same bits make the same mistake in every unit of time. */
export type SpoilText = (json: string, pick: number) => string;

/** Puts a character where none can be. */
export const corruptJson: SpoilText = (json, pick) => {
  const colons = [...json.matchAll(/:/g)].map(({ index }) => index);
  const at = colons[pick % Math.max(1, colons.length)] ?? 0;
  return `${json.slice(0, at)}${['}', ',', '"', '{', ' : '][(pick >>> 8) % 5]}${json.slice(at)}`;
};

/** Returns the first part of the text: at least one character, never all. */
export const truncate: SpoilText = (json, pick) => json.slice(0, 1 + (pick % Math.max(1, json.length - 1)));

/** Gives one field a value of another type. */
export const wrongType: SpoilText = (json, pick) => {
  const values = [...json.matchAll(/"[A-Za-z]+":("[^"]*"|-?\d+(?:\.\d+)?|true|false)/g)];
  const found = values[pick % Math.max(1, values.length)];
  if (!found) return '[]';
  const [whole, value = ''] = found;
  const others = value.startsWith('"') ? ['7', 'null', '{}', '[1]', 'false'] : ['"seven"', 'null', '{}', '[]', '"-"'];
  const start = found.index + whole.length - value.length;
  return json.slice(0, start) + others[(pick >>> 8) % others.length] + json.slice(start + value.length);
};

const BAD_NUMBERS = ['NaN', 'negative', '1e400'] as const;

/** Makes one amount (decimal text, kept as text) no number, negative, or larger than every float. */
export function badNumber(value?: (typeof BAD_NUMBERS)[number]): SpoilText {
  return (json, pick) => {
    const amounts = [...json.matchAll(/"(\d+\.\d+)"/g)];
    const found = amounts[pick % Math.max(1, amounts.length)];
    if (!found) return wrongType(json, pick);
    const [whole, amount = ''] = found;
    const kind = value ?? BAD_NUMBERS[(pick >>> 8) % BAD_NUMBERS.length];
    // Minus zero is zero: a negative amount must be one.
    const spoilt = kind === 'negative' ? (/[1-9]/.test(amount) ? `-${amount}` : '-1.00000000') : kind;
    return `${json.slice(0, found.index)}"${spoilt}"${json.slice(found.index + whole.length)}`;
  };
}

/** The event is of a kind that nobody has heard of. */
export const unknownEvent: SpoilText = (json) =>
  json.includes('"e":"') ? json.replace(/"e":"([^"]*)"/, '"e":"$1V9"') : json.replace('{', '{"e":"novelty",');

/** The event has fields more, at its top and, of klines, inside. */
export const unknownField: SpoilText = (json) => json.replaceAll(/^\{|"k":\{/g, (start) => `${start}"zz":{"novel":[1,"2",null]},`);

/** A kline has an interval that does not exist; any other event is of a new kind. */
export const newEnum: SpoilText = (json, pick) =>
  json.includes('"i":"') ? json.replace(/"i":"[^"]*"/, '"i":"7m"') : unknownEvent(json, pick);

/** The event is about another symbol. */
export function wrongSymbol(as: string): SpoilText {
  return (json) => json.replaceAll(/"s":"[^"]*"/g, `"s":${JSON.stringify(as)}`);
}

/** Fills the event up to a size. */
export function oversize(bytes: number): SpoilText {
  return (json) => `${json.slice(0, -1)},"zz":"${'x'.repeat(Math.max(0, bytes - json.length - 8))}"}`;
}

/** Changes the event time, in whichever unit it is written. */
export function withEventTime(json: string, change: (timeMs: number) => number): string {
  return json.replace(/"E":(\d+)/, (_, digits: string) => {
    const isMicro = digits.length > 14;
    const time = change(Number.parseInt(isMicro ? digits.slice(0, -3) : digits, 10));
    return `"E":${time}${isMicro ? '000' : ''}`;
  });
}
