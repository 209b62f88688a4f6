/** An event of a subscription as it came over server-sent events. */
export interface SseResult {
  readonly data?: Record<string, { readonly __typename: string; readonly cursor?: string } & Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

/** Subscribes over server-sent events and yields results until the stream ends or `signal` aborts (which cuts the socket). */
export async function* subscribeOverSse(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): AsyncGenerator<SseResult, void, undefined> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal,
  });
  if (!response.body) throw new Error(`no body, status ${response.status}`);
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += decoder.decode(chunk.value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('event: complete')) return;
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (data) yield JSON.parse(data) as SseResult;
    }
  }
}
