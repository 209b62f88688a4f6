// Compiles the LSTM kernel. `node assembly/compile-kernel.mjs` writes src/models/lstm/kernel-wasm.ts; a test compares the two.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const FLAGS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory'];

/** Returns the text of src/models/lstm/kernel-wasm.ts, compiled from the sources in this folder. */
export async function compileKernel() {
  const { error, stderr, binary } = await compile();
  if (error || !binary) throw new Error(`the kernel does not compile:\n${stderr}`, { cause: error });
  return [
    '// Compiled from assembly/lstm.as.ts by assembly/compile-kernel.mjs: do not edit.',
    '/** The LSTM kernel as a WebAssembly module, base64. */',
    'export const KERNEL_WASM =',
    `  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

async function compile() {
  let binary;
  const result = await asc.main(['lstm.as.ts', '--outFile', 'lstm.wasm', ...FLAGS, '--baseDir', import.meta.dirname], {
    writeFile: (_, contents) => {
      binary = contents;
    },
  });
  return { error: result.error, stderr: result.stderr.toString(), binary };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(import.meta.dirname, '../src/models/lstm/kernel-wasm.ts'), await compileKernel());
}
