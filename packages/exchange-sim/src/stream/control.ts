import { parseStreamName } from './stream-name.ts';

/** What a control message asks for, with the reply that it gets. Without a reply it is ignored. */
export type ControlOutcome =
  | { readonly kind: 'reply'; readonly reply: string }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly streams: readonly string[]; readonly reply: string }
  | { readonly kind: 'combined'; readonly combined: boolean; readonly reply: string }
  | { readonly kind: 'ignore' };

/** What the exchange knows of the link that asks. */
export interface LinkState {
  readonly combined: boolean;
  readonly streams: ReadonlySet<string>;
}

export const MAX_STREAMS = 1_024;
/** Larger frames fail without any reply (seen at some 437 stream names). */
const MAX_FRAME_CHARACTERS = 8_192;
const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
const [MIN_ID, MAX_ID] = [-(2n ** 63n), 2n ** 63n - 1n];

/** Reads a control message and decides on it, as section "Live subscribing" of the exchange's documentation says. */
export function decideControl(text: string, link: LinkState): ControlOutcome {
  if (text.length > MAX_FRAME_CHARACTERS) return { kind: 'ignore' };
  const message = parseObject(text);
  if (message === undefined) return refuse(3, 'Invalid JSON: expected value at line 1 column 1');
  const id = readId(message, text);
  if (id === undefined) {
    return refuse(
      2,
      'Invalid request: request ID must be a signed 64-bit integer, an alphanumeric string of at most 36 characters, or null',
    );
  }
  const { method, params = [] } = message;
  if (method === undefined) return refuse(2, `Invalid request: missing field \`method\` at line 1 column ${text.length}`, id);
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    const expected = METHODS.map((name) => `\`${name}\``).join(', ');
    return refuse(2, `Invalid request: unknown variant \`${method}\`, expected one of ${expected} at line 1 column ${text.length}`, id);
  }
  if (!Array.isArray(params)) return refuse(2, 'Invalid request: invalid type for `params`, expected an array', id);
  switch (method) {
    case 'LIST_SUBSCRIPTIONS':
      return { kind: 'reply', reply: `{"result":${JSON.stringify([...link.streams])},"id":${id}}` };
    case 'GET_PROPERTY':
    case 'SET_PROPERTY':
      return decideProperty(method, params, link, id);
    default:
      return decideStreams(method === 'SUBSCRIBE' ? 'subscribe' : 'unsubscribe', params, link, id);
  }
}

function decideProperty(method: 'GET_PROPERTY' | 'SET_PROPERTY', params: unknown[], link: LinkState, id: string): ControlOutcome {
  const [name, value, ...rest] = params;
  if (typeof name !== 'string') return refuse(2, 'Invalid request: property name must be a string', id);
  if (rest.length > 0 || (method === 'GET_PROPERTY' && value !== undefined)) return refuse(2, 'Invalid request: too many parameters', id);
  if (name !== 'combined') return refuse(0, 'Unknown property', id);
  if (method === 'GET_PROPERTY') return { kind: 'reply', reply: `{"result":${link.combined},"id":${id}}` };
  if (typeof value !== 'boolean') return refuse(1, 'Invalid value type: expected Boolean', id);
  return { kind: 'combined', combined: value, reply: `{"result":null,"id":${id}}` };
}

function decideStreams(kind: 'subscribe' | 'unsubscribe', params: unknown[], link: LinkState, id: string): ControlOutcome {
  const streams = params.filter((param): param is string => typeof param === 'string' && parseStreamName(param) !== undefined);
  if (streams.length < params.length) return refuse(2, 'Invalid request: invalid stream', id);
  if (kind === 'subscribe' && new Set([...link.streams, ...streams]).size > MAX_STREAMS) {
    return refuse(2, `Invalid request: a connection can listen to at most ${MAX_STREAMS} streams`, id);
  }
  return { kind, streams, reply: `{"result":null,"id":${id}}` };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined; // the caller answers with code 3
  }
}

/** Returns the id as JSON text (numbers keep all 64 bits), `null` when there is none, undefined when it is not a legal one. */
function readId({ id }: Record<string, unknown>, text: string): string | undefined {
  if (id === undefined || id === null) return 'null';
  if (typeof id === 'string') return /^[A-Za-z0-9-]{1,36}$/.test(id) ? JSON.stringify(id) : undefined;
  const [, digits] = /"id"\s*:\s*(-?\d+)\s*[,}]/.exec(text) ?? [];
  if (typeof id !== 'number' || digits === undefined) return undefined;
  return BigInt(digits) >= MIN_ID && BigInt(digits) <= MAX_ID ? digits : undefined;
}

function refuse(code: number, msg: string, id = 'null'): ControlOutcome {
  return { kind: 'reply', reply: `{"code":${code},"msg":${JSON.stringify(msg)}${id === 'null' ? '' : `,"id":${id}`}}` };
}
