// `npm run forecast:reference`: runs the protocol of a published project on the recorded data, beside the last price and our model.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@candlecast/domain';
import { Argument, Command, InvalidArgumentError } from 'commander';
import type { ReferenceOptions } from './reference-options.ts';
import { type ReferenceRun, toReferenceMarkdown } from './reference-run.ts';
import { runS0 } from './s0.ts';
import { runS1 } from './s1.ts';
import { runS2 } from './s2.ts';
import { runS3 } from './s3.ts';
import { runS4 } from './s4.ts';

/** Each with the epochs that its recipe is run for when none are asked. */
const RUNS: Readonly<Record<string, { run: (options: ReferenceOptions) => Promise<ReferenceRun>; epochs: number }>> = {
  s0: { run: runS0, epochs: 4 },
  s1: { run: runS1, epochs: 2 },
  s2: { run: runS2, epochs: 2 },
  s3: { run: runS3, epochs: 20 },
  s4: { run: runS4, epochs: 40 },
};

interface Options {
  readonly fromFiles: string;
  readonly epochs?: number;
  readonly seed: number;
  readonly report?: string;
}

const command = new Command('npm run forecast:reference --')
  .description(
    'Runs the protocol of a published project on recorded candles and prints its metrics beside the last price, our model and the published figures.',
  )
  .addArgument(new Argument('<project>', 'which project').choices(Object.keys(RUNS)))
  .requiredOption('--from-files <dir>', 'folder of candle files; the last one counts')
  .option('--epochs <epochs>', 'epochs of the published recipe', parseWhole)
  .option('--seed <seed>', 'of everything that is drawn', parseWhole, 1)
  .option('--report <dir>', 'also write PROJECT.md and PROJECT.json into this folder');

run().catch((cause: unknown) => {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  command.parse();
  const [project = ''] = command.args;
  const { fromFiles, epochs, seed, report } = command.opts<Options>();
  const chosen = RUNS[project];
  if (!chosen) throw new AppError('reference_unknown', `"${project}" is not one of ${Object.keys(RUNS).join(', ')}`);
  const say = (epoch: number, loss: number) => console.error(`epoch ${epoch}: loss ${loss.toExponential(3)}`);
  const found = await chosen.run({ dir: resolve(fromFiles), epochs: epochs ?? chosen.epochs, seed, say });
  const text = toReferenceMarkdown(found);
  console.log(text);
  if (!report) return;
  await mkdir(report, { recursive: true });
  await writeFile(join(report, `${project}.md`), text);
  await writeFile(join(report, `${project}.json`), `${JSON.stringify(found, null, 1)}\n`);
}

function parseWhole(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number`);
  return Number.parseInt(text, 10);
}
