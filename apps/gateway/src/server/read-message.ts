/** Different documents of which one text is kept. */
const TEXTS = 1_000;

/**
 * Returns a function that reads the JSON of a message. graphql-ws keeps the message of an operation for as long as it runs: read here, its text is not
 * kept beside it, and those who send the same document keep one text of it. What is not JSON is returned as it came, to be refused there.
 */
export function createMessageReader(): (data: string) => unknown {
  const texts = new Map<string, string>();

  function share(text: string): string {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= TEXTS) texts.clear();
    texts.set(text, text);
    return text;
  }

  return (data) => {
    try {
      const message: unknown = JSON.parse(data);
      const payload = isObject(message) ? message.payload : undefined;
      if (isObject(payload) && typeof payload.query === 'string') payload.query = share(payload.query);
      return message;
    } catch {
      return data;
    }
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
