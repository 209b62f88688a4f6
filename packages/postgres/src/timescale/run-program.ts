import { spawn } from 'node:child_process';
import { AppError } from '@candlecast/domain';

/** Runs a program in `cwd` and returns what it wrote. Throws `program_failed` with its complaint; also when it is not installed. */
export async function runProgram(program: string, args: readonly string[], cwd = '/'): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)).catch(
    (cause: Error) => {
      throw new AppError('program_failed', cause.message, { cause });
    },
  );
  if (code === 0) return output;
  throw new AppError('program_failed', firstLine(complaint) ?? `${program} ended with code ${code}`);
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.replace(/^(E|W|dpkg-deb: error):\s*/, '').trim())
    .find((line) => line !== '');
}
