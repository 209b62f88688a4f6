import { ERROR_CODES, type ErrorCode } from '@candlecast/client';

/** What the client itself says, and what is wrong here: our own failure, and the end of a subscription that was not read. */
const WRONG_HERE: ReadonlySet<ErrorCode> = new Set(['INTERNAL_SERVER_ERROR', 'SLOW_READER', 'NETWORK_ERROR', 'WEBSOCKET_MISSING']);
const CODES: ReadonlySet<unknown> = new Set(ERROR_CODES.filter((code) => !WRONG_HERE.has(code)));
/** What only a cause that got out would say. */
const LEAK = /node_modules|\.(ts|js|mjs):\d+|\bat (async )?[\w.]+ \(|prisma\.|pg_|\bECONN|\bselect .* from /i;

/** Returns what is wrong about the text of an answer; undefined when it is one that anybody may see. INTERNAL_SERVER_ERROR is always wrong here. */
export function judgeText(text: string): string | undefined {
  const leak = LEAK.exec(text);
  return leak ? `it says "${leak[0]}": ${text.slice(0, 500)}` : judgeErrors(parse(text), text);
}

function judgeErrors(answer: unknown, text: string): string | undefined {
  for (const error of errorsOf(answer)) {
    const { extensions = {} } = error as { extensions?: Record<string, unknown> };
    if (!CODES.has(extensions.code)) return `it has the code ${String(extensions.code)}: ${text.slice(0, 800)}`;
    if (typeof extensions.requestId !== 'string') return `it has no request id: ${text.slice(0, 500)}`;
  }
  return undefined;
}

function errorsOf(answer: unknown): readonly unknown[] {
  if (typeof answer !== 'object' || answer === null) return [];
  if ('errors' in answer && Array.isArray(answer.errors)) return answer.errors;
  if ('type' in answer && 'payload' in answer) return answer.type === 'error' ? (answer.payload as unknown[]) : errorsOf(answer.payload);
  return [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a file, a page, nothing
  }
}
