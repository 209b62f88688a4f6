import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of the API guide that a test runs. */
export interface GuideExample {
  readonly page: string;
  /** From `run=name` in the line that opens the block. */
  readonly name: string;
  readonly language: string;
  readonly text: string;
  /** From `until="text"`: it runs for ever; it has worked once it prints this. */
  readonly until: string | undefined;
  /** From `scope="NOTIFY"`: it needs a key that may. */
  readonly scope: string | undefined;
  /** From `expect="text"`: what its output must hold. */
  readonly expects: string | undefined;
}

export const GUIDE = join(import.meta.dirname, '../../../../docs/api');

/** Languages in which the guide speaks to machines. */
const RUNNABLE: ReadonlySet<string> = new Set(['bash', 'sh', 'ts', 'typescript', 'js', 'javascript', 'python', 'py', 'graphql']);

/** Returns every example of the guide, and the places of those that nothing would run. */
export function readGuideExamples(): { readonly examples: readonly GuideExample[]; readonly idle: readonly string[] } {
  const examples: GuideExample[] = [];
  const idle: string[] = [];
  for (const page of readdirSync(GUIDE).filter((name) => name.endsWith('.md'))) {
    const text = readFileSync(join(GUIDE, page), 'utf8');
    for (const { 1: language = '', 2: options = '', 3: body = '', index } of text.matchAll(/^```(\w+)(.*)\n([\s\S]*?)^```$/gm)) {
      const name = /\brun=([\w-]+)/.exec(options)?.[1];
      if (name !== undefined)
        examples.push({
          page,
          name,
          language,
          text: body,
          scope: read(options, 'scope'),
          until: read(options, 'until'),
          expects: read(options, 'expect'),
        });
      else if (RUNNABLE.has(language)) idle.push(`${page}:${text.slice(0, index).split('\n').length}`);
    }
  }
  return { examples, idle };
}

function read(options: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(options)?.[1];
}
