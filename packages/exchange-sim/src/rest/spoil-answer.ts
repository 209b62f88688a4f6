import type { ServerResponse } from 'node:http';
import type { RestFault, RestFaultAnswer } from '../faults/fault.ts';
import { corruptJson, wrongType } from '../faults/spoil-text.ts';
import { RestError } from './rest-error.ts';
import { banned, tooMuchWeight } from './weight-limit.ts';

/** How a body is written badly: over so many milliseconds, or up to its middle alone. */
export type BodyHarm = { readonly kind: 'slow'; readonly bodyMs: number } | { readonly kind: 'cut' };

const SLOW_BODY_MS = 5_000;
const PIECES = 20;

/** What the exchange says with its codes that no caller can bring about here. */
const SENTENCES: Readonly<Record<number, string>> = {
  [-1001]: 'Internal error; unable to process your request. Please try again.',
  [-1007]: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  [-1008]: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
  [-1016]: 'This service is no longer available.',
  [-1127]: 'Lookup interval is too big.',
};
const UNKNOWN = 'An unknown error occurred while processing the request.';

/** Returns the refusal of a fault, in the exchange's words for that status or for the code that the fault names. */
export function toRefusal({ code, retryAfterS }: RestFault, status: Extract<RestFaultAnswer, number>, now: number): RestError {
  if (code !== undefined) return new RestError(status, code, SENTENCES[code] ?? UNKNOWN);
  switch (status) {
    case 400:
      return new RestError(400, -1001, SENTENCES[-1001] ?? UNKNOWN);
    case 403:
      return new RestError(403, 0, 'Request blocked by the web application firewall.');
    case 418:
      return banned(now + (retryAfterS ?? 120) * 1_000, now);
    case 429:
      return tooMuchWeight((retryAfterS ?? 1) * 1_000);
    case 451:
      return new RestError(
        451,
        0,
        "Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms.",
      );
    case 503:
      return new RestError(503, -1008, SENTENCES[-1008] ?? UNKNOWN);
    default:
      return new RestError(status, -1000, UNKNOWN);
  }
}

/** Returns an answer as a fault makes it: another body, or one that is written badly. */
export function spoilBody(body: string, { answer, bodyMs }: RestFault, pick: number): { readonly body: string; readonly harm?: BodyHarm } {
  switch (answer) {
    case 'slowBody':
      return { body, harm: { kind: 'slow', bodyMs: bodyMs ?? SLOW_BODY_MS } };
    case 'cutBody':
      return { body, harm: { kind: 'cut' } };
    case 'emptyPage':
      return { body: '[]' };
    case 'corruptJson':
      return { body: body.includes(':') ? corruptJson(body, pick) : `${body.slice(0, -1)},` };
    case 'newEnum':
      return { body: body.replaceAll('"status":"TRADING"', '"status":"TRADING_BY_MOONLIGHT"') };
    case 'wrongType':
      return { body: wrongTypeInRows(body, pick) };
    default:
      return { body };
  }
}

/** Ends the response with the body. */
export function writeBody(response: ServerResponse, body: string, harm?: BodyHarm): void {
  if (!harm) {
    response.end(body);
    return;
  }
  const bytes = Buffer.from(body);
  if (harm.kind === 'cut') {
    response.write(bytes.subarray(0, bytes.length >>> 1), () => response.destroy());
    return;
  }
  let piece = 0;
  const timer = setInterval(() => {
    const [from, to] = [piece, piece + 1].map((index) => Math.floor((bytes.length * index) / PIECES));
    piece++;
    if (piece < PIECES) response.write(bytes.subarray(from, to));
    else response.end(bytes.subarray(from));
    if (piece >= PIECES) clearInterval(timer);
  }, harm.bodyMs / PIECES);
  response.once('close', () => clearInterval(timer));
}

/** Rows are arrays: their text cells have no names. */
function wrongTypeInRows(body: string, pick: number): string {
  if (!body.startsWith('[[')) return wrongType(body, pick);
  const cells = [...body.matchAll(/"[^"]*"/g)];
  const found = cells[pick % Math.max(1, cells.length)];
  if (!found) return '{}';
  return `${body.slice(0, found.index)}${['null', '{}', '7', '["1"]'][(pick >>> 8) % 4]}${body.slice(found.index + found[0].length)}`;
}
