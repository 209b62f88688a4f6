import { z } from 'zod';
import { JSON_SETTINGS, parseJson, readJson } from '../read-json.ts';
import { address, COMMON_SETTINGS, type SourceKind } from '../source-kind.ts';

const schema = z.strictObject({
  ...COMMON_SETTINGS,
  kind: z.literal('json'),
  url: address('https:', 'http:'),
  ...JSON_SETTINGS,
});

/** A JSON document over HTTP. */
export const jsonSource: SourceKind<typeof schema> = {
  schema,
  async read(source, { bodies, signal }) {
    return readJson(parseJson(await bodies.read(source.url, { accept: 'application/json', ...source.headers }, signal)), source);
  },
};
