import { z } from 'zod';
import { jsonSource } from './kinds/json-source.ts';
import { pageSource } from './kinds/page-source.ts';
import { webSocketSource } from './kinds/web-socket-source.ts';
import type { SourceReading, SourceTools } from './source-kind.ts';

/** Every kind of source, by the name that the file of sources uses. */
const KINDS = { json: jsonSource, page: pageSource, websocket: webSocketSource } as const;

/** Checks one entry of the file of sources. */
export const sourceSchema = z.discriminatedUnion('kind', [jsonSource.schema, pageSource.schema, webSocketSource.schema]);
export type Source = z.output<typeof sourceSchema>;

/** Reads a source once, within its time. Throws an AppError with a code of SOURCE_FAILURES. */
export function readSource(source: Source, { bodies, signal }: SourceTools): Promise<SourceReading> {
  const tools = { bodies, signal: AbortSignal.any([signal, AbortSignal.timeout(source.timeoutMs)]) };
  // The kind of the source has chosen the reader: the compiler cannot know that.
  const { read } = KINDS[source.kind] as { read(source: Source, tools: SourceTools): Promise<SourceReading> };
  return read(source, tools);
}
