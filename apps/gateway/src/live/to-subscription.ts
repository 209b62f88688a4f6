/**
 * Runs a generator as a subscription that ends at once when the client leaves: `return()` and `clientSignal` abort the signal that the
 * generator waits on. (The `return()` of a bare generator would wait for its next event.) Nothing runs before the first `next()`.
 */
export function toSubscription<T>(
  clientSignal: AbortSignal,
  start: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  const source = start(controller.signal);
  const stop = () => {
    clientSignal.removeEventListener('abort', stop);
    controller.abort();
    return source.return();
  };
  if (clientSignal.aborted) controller.abort();
  clientSignal.addEventListener('abort', stop, { once: true });
  return {
    async next() {
      const result = await source.next();
      if (result.done) clientSignal.removeEventListener('abort', stop);
      return result;
    },
    return: stop,
    throw(cause) {
      void stop();
      return Promise.reject(cause);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
