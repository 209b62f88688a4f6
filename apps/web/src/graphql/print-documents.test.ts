import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listDocuments } from './print-documents.ts';

const LIST = new URL('../../../gateway/src/guard/known-documents.json', import.meta.url);

describe("the gateway's list of known documents", () => {
  it('is what the page sends (npm run documents:print -w @candlecast/web)', () => {
    expect(JSON.parse(readFileSync(LIST, 'utf8'))).toEqual(listDocuments());
  });
});
