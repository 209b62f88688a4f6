import { readFile } from 'node:fs/promises';
import { AppError, compareDecimals, err, ok, type Result } from '@candlecast/domain';
import { z } from 'zod';
import { type Source, sourceSchema } from './source-kinds.ts';

/** Sources of one file: as many as are read at a time. */
const MOST_SOURCES = 100;

const fileSchema = z.strictObject({ about: z.string().optional(), sources: z.array(z.unknown()).max(MOST_SOURCES) });

/**
 * Reads the file of sources and returns those that are enabled; every problem is in the one error, `config_invalid`, by the place of the
 * entry and the rule. Values are not shown: headers may hold secrets.
 */
export async function readSourcesFile(path: string): Promise<Result<Source[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    return err(new AppError('config_invalid', `CANDLECAST_SERIES_FILE: "${path}" cannot be read`, { cause }));
  }
  return parseSources(text, path);
}

/** Checks the text of a file of sources; `name` is what the problems call it. */
export function parseSources(text: string, name: string): Result<Source[]> {
  const problem = (lines: readonly string[]) => err(new AppError('config_invalid', lines.map((line) => `${name}: ${line}`).join('\n')));
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    return problem([
      `must be JSON${cause instanceof SyntaxError ? ` (${/position \d+/.exec(cause.message)?.[0] ?? 'it ends early'})` : ''}`,
    ]);
  }
  const file = fileSchema.safeParse(content);
  if (!file.success) return problem(toLines(file.error, ''));
  const problems: string[] = [];
  const sources: Source[] = [];
  const keys = new Set<string>();
  for (const [index, entry] of file.data.sources.entries()) {
    const place = `source ${index + 1}`;
    const parsed = sourceSchema.safeParse(entry);
    if (!parsed.success) problems.push(...toLines(parsed.error, `${place}, `));
    else {
      const { key, min, max } = parsed.data;
      if (keys.has(key)) problems.push(`${place}, key: "${key}" is that of an earlier source`);
      if (compareDecimals(min, max) >= 0) problems.push(`${place}, min: must be below max`);
      keys.add(key);
      sources.push(parsed.data);
    }
  }
  return problems.length > 0 ? problem(problems) : ok(sources.filter(({ enabled }) => enabled));
}

function toLines({ issues }: z.ZodError, place: string): string[] {
  return issues.map(({ path, message }) => `${place}${path.join('.') || 'as a whole'}: ${message}`);
}
