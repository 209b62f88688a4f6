import { GUIDE } from '../../../generated/guide.ts';
import { type Adapter, sendText, toGraphqlErrorBody } from '../adapter.ts';

const TYPE = 'text/plain; charset=utf-8';

/** Returns `/llms.txt` and `/llms-full.txt`: what the API is and how to use it, for language models, made of the API guide. */
export function createLlmsAdapters(): Adapter[] {
  return Object.entries({ '/llms.txt': GUIDE.llms, '/llms-full.txt': GUIDE.llmsFull }).map(([path, text]) => ({
    path,
    toErrorBody: toGraphqlErrorBody,
    answer: async ({ response }) => sendText(response, 200, TYPE, text),
  }));
}
