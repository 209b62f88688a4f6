/**
 * Returns `load` so that callers at the same time share one read: while one runs, all that come wait for the next. Nobody is given what was
 * read before it asked, and no more than one read of a key runs at a time.
 */
export function shareReads<K, V>(load: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const running = new Map<K, Promise<V>>();
  const waiting = new Map<K, Promise<V>>();

  function start(key: K): Promise<V> {
    const read = load(key).finally(() => running.delete(key));
    running.set(key, read);
    return read;
  }

  return (key) => {
    const before = running.get(key);
    if (!before) return start(key);
    const next =
      waiting.get(key) ??
      before
        .catch(() => undefined) // that was told to whoever asked for it
        .then(() => {
          waiting.delete(key);
          return start(key);
        });
    waiting.set(key, next);
    return next;
  };
}
