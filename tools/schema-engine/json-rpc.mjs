import { createInterface } from 'node:readline';

/** The code with which the native engine wraps every failure; the CLI reads `data`. */
const FAILURE = 4466;

/**
 * Serves JSON-RPC over standard input and output, one message a line and one request at a time. `createHandler` gets a `print`
 * that sends the CLI a request of our own to show text, and returns `(method, params) => result`. Ends when the input ends.
 */
export function serveJsonRpc(createHandler) {
  const acknowledged = new Map();
  const print = (content) => {
    const id = `print-${acknowledged.size + 1}`;
    send({ id, method: 'print', params: { content } });
    return new Promise((resolve) => acknowledged.set(id, resolve));
  };
  const handle = createHandler(print);
  const lines = createInterface({ input: process.stdin });
  let queue = Promise.resolve();
  lines.on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    // Without a method it is the answer to one of our prints, which must not wait behind the request that prints.
    if (method === undefined) acknowledged.get(id)?.();
    else queue = queue.then(async () => send(await answer(handle, id, method, params)));
  });
  // The engine keeps its connection open: nothing else would end this process.
  lines.on('close', () => queue.then(() => process.exit(0)));
}

async function answer(handle, id, method, params) {
  try {
    return { id, result: await handle(method, params) };
  } catch (cause) {
    return { id, error: { code: cause?.rpcCode ?? FAILURE, message: 'an error happened, see data', data: toErrorData(cause) } };
  }
}

function toErrorData(cause) {
  const message = cause?.message ?? String(cause);
  const isKnown = /^P\d{4}$/.test(cause?.code ?? '');
  return isKnown
    ? { is_panic: false, message, meta: cause.meta ?? {}, error_code: cause.code }
    : { is_panic: false, message, backtrace: null };
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
