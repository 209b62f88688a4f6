import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { bundle, ROOT } from '../../measure/bundle.ts';
import type { PlantedBug } from './planted-bugs.ts';

/**
 * Bundles `entry` with a bug planted into it and returns the path of what was built. Throws when a piece of source is not found exactly once.
 */
export async function buildPlanted(entry: string, { name, edits }: Pick<PlantedBug, 'name' | 'edits'>): Promise<string> {
  // Below node_modules, so that what is not bundled is found, and git does not see it.
  const program = join(ROOT, 'node_modules/.cache/candlecast-faults', `${name.replaceAll(' ', '-')}.mjs`);
  const applied = new Set<number>();
  await bundle({ entryPoints: [join(ROOT, entry)], outfile: program, plugins: [plant(edits, applied)] });
  const missing = edits.filter((_, index) => !applied.has(index));
  if (missing.length > 0)
    throw new Error(`the bug "${name}" was not planted: ${missing.map(({ file }) => file).join(', ')} is not part of ${entry}`);
  return program;
}

function plant(edits: PlantedBug['edits'], applied: Set<number>): Plugin {
  return {
    name: 'plant',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        let text: string | undefined;
        for (const [index, { file, find, replace }] of edits.entries()) {
          if (path !== join(ROOT, file)) continue;
          text ??= readFileSync(path, 'utf8');
          const pieces = text.split(find);
          if (pieces.length !== 2) throw new Error(`${file} holds "${find}" ${pieces.length - 1} times, not once`);
          text = pieces.join(replace);
          applied.add(index);
        }
        return text === undefined ? undefined : { contents: text, loader: 'ts' };
      });
    },
  };
}
