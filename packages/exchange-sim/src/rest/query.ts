import type { EpochMs } from '@candlecast/domain';
import { refusals } from './rest-error.ts';

const SYMBOL_RANGE = '^[\\\\w\\\\-._&&[^a-z]]{1,50}$';
const NUMBER_RANGE = '^[0-9]{1,20}$';
const STATUSES = ['TRADING', 'END_OF_DAY', 'HALT', 'BREAK', 'CANCEL_ONLY'];
const PERMISSION = /^(SPOT|MARGIN|LEVERAGED|TRD_GRP_\d{3})$/;
const MICROSECONDS_FROM = 1e14;

/** The query string of one request. Every reader throws the exchange's refusal for a value that it would not take. */
export class Query {
  readonly #values = new Map<string, string>();

  /** Throws for a parameter that is sent twice or is not one of `known`. */
  constructor(search: URLSearchParams, known: readonly string[]) {
    for (const [name, value] of search) {
      if (this.#values.has(name)) throw refusals.duplicate(name);
      this.#values.set(name, value);
    }
    const sent = this.#values.size;
    const read = [...this.#values.keys()].filter((name) => known.includes(name)).length;
    if (read < sent) throw known.length === 0 ? refusals.tooMany(0, sent) : refusals.unread(read, sent);
  }

  /** Returns the text of a parameter, or undefined when it is not sent. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    if (value === '') throw refusals.empty(name);
    return value;
  }

  /** Returns a mandatory symbol's text. Non-ASCII names are legal, lower-case Latin letters are not. */
  symbol(): string {
    const value = this.#values.get('symbol');
    if (value === undefined || value === '') throw refusals.missing('symbol');
    return checkSymbol('symbol', value);
  }

  /** Returns the symbols of `symbol` or `symbols` (a JSON array), or undefined when neither is sent. */
  symbols(): readonly string[] | undefined {
    const list = this.text('symbols');
    const single = this.text('symbol');
    if (list !== undefined && single !== undefined) throw refusals.combination();
    if (single !== undefined) return [checkSymbol('symbol', single)];
    if (list === undefined) return undefined;
    const symbols = parseTextArray(list);
    if (!symbols || symbols.length === 0)
      throw refusals.illegal('symbols', '^\\\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\\\]$');
    for (const symbol of symbols) checkSymbol('symbols', symbol);
    if (new Set(symbols).size < symbols.length) throw refusals.duplicateSymbols();
    return symbols;
  }

  /** Returns `symbolStatus`, or undefined when it is not sent. */
  status(): string | undefined {
    const status = this.text('symbolStatus');
    if (status !== undefined && !STATUSES.includes(status)) throw refusals.status();
    return status;
  }

  /** Returns the permissions of `permissions`, one name or a JSON array, or undefined when it is not sent. */
  permissions(): readonly string[] | undefined {
    const text = this.text('permissions');
    if (text === undefined) return undefined;
    const names = text.startsWith('[') ? parseTextArray(text) : [text];
    if (!names || names.length === 0 || !names.every((name) => PERMISSION.test(name))) throw refusals.value('permissions');
    return names;
  }

  /** Returns a whole number of zero or more, or undefined when it is not sent. */
  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value)) throw refusals.illegal(name, NUMBER_RANGE);
    return Number.parseInt(value, 10);
  }

  /** Returns a time in milliseconds from one in milliseconds or microseconds. */
  time(name: string): EpochMs | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,17}$/.test(value)) throw refusals.illegal(name, NUMBER_RANGE);
    const time = Number.parseInt(value, 10);
    return (time >= MICROSECONDS_FROM ? Math.floor(time / 1_000) : time) as EpochMs;
  }

  /** Returns `limit`, cut to `most`; `usual` when it is not sent. */
  limit(usual: number, most: number): number {
    const limit = this.number('limit') ?? usual;
    if (limit < 1) throw refusals.value('limit');
    return Math.min(limit, most);
  }
}

function checkSymbol(name: string, value: string): string {
  if (value.length > 50 || /[a-z]/.test(value) || !/^[\p{L}\p{N}._-]+$/u.test(value)) throw refusals.illegal(name, SYMBOL_RANGE);
  return value;
}

function parseTextArray(json: string): readonly string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : undefined;
  } catch {
    return undefined; // not JSON: refused like any other illegal text
  }
}
