import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiScope, addMs, horizonMs, QUANTILE_LEVELS, toDecimal } from '@candlecast/domain';
import { createKeyStore } from '@candlecast/store';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedKey, createKeyDesk } from './keys/key-desk.ts';
import { type GuideExample, readGuideExamples } from './testing/guide-examples.ts';
import { post } from './testing/post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

const { examples, idle } = readGuideExamples();
/** Minutes that are there before an example begins. */
const HISTORY = 200;
const TOOLS = { bash: 'bash', python: 'python3', curl: 'curl' } as const;

let market: TestMarket;
let origin: string;
let folder: string;
let minute = HISTORY;
let modelId: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-guide-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'), 'junction');
  market = await startTestMarket();
  await market.list(BTC, ETH);
  // Bit by bit: each part is known when it closed.
  for (let begin = 0; begin < HISTORY; begin += 5) await market.close(BTC, begin, begin + 5);
  await market.close(ETH, 0, HISTORY);
  const sha256 = createHash('sha256').update('guide').digest('hex');
  const trained = { trainedFrom: at(-1_000), trainedThrough: at(0), featureSchema: 1, card: {} };
  ({ id: modelId } = await market.forecasts.saveModel({
    ...{ name: 'lstm-test', version: '1', kind: 'LSTM', sha256, artifactPath: 'models/lstm-test.onnx', ...trained },
  }));
  await issueForecast();
  origin = new URL((await market.startGateway()).httpUrl).origin;
});
afterAll(async () => {
  await market?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The market goes on: a minute closes, and a forecast is issued at its close. */
async function goOn(): Promise<void> {
  minute += 1;
  await market.close(BTC, minute - 1, minute);
  await issueForecast();
}

async function issueForecast(): Promise<void> {
  const asOf = at(minute);
  const quantiles = QUANTILE_LEVELS.map((level) => ({ level, logReturn: level - 0.5, value: toDecimal('1000.00') }));
  const forecasts = (['1h', '4h'] as const).map((horizon) => ({
    ...{ instrumentId: BTC, modelId, horizon, asOf, targetTime: addMs(asOf, horizonMs(horizon)) },
    ...{ refPrice: toDecimal('1000.50'), pUp: 0.625, reference: { modelId, sigma: 0.01 }, quantiles },
  }));
  await market.forecasts.appendForecasts(
    [{ instrumentId: BTC, modelId, asOf, input: new Uint8Array([1]), codeVersion: 'test', forecasts }],
    1_000_000_000_000,
  );
}

function keyFor(scope: ApiScope): Promise<CreatedKey> {
  return createKeyDesk(createKeyStore(market.database)).create({ name: 'guide', scopes: [scope], expiresAt: null });
}

/** Runs a program until it ends, or until it has printed `until`; at every line that it prints the market goes on. */
async function run(command: string, args: readonly string[], until: string | undefined): Promise<string> {
  const program = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => program.once('error', reject).once('close', resolve));
  let output = '';
  let complaints = '';
  program.stderr.on('data', (chunk: Buffer) => {
    complaints += String(chunk);
  });
  for await (const chunk of program.stdout as AsyncIterable<Buffer>) {
    output += String(chunk);
    if (until === undefined) continue;
    if (output.includes(until)) program.kill('SIGKILL');
    else await goOn();
  }
  const code = await ended;
  if (until === undefined && code !== 0) throw new Error(`it ended with ${code}: ${complaints}${output}`);
  if (until !== undefined && !output.includes(until)) throw new Error(`it ended before it printed "${until}": ${complaints}${output}`);
  return output;
}

async function runExample({ name, language, text, until, scope }: GuideExample): Promise<string> {
  const key = scope === undefined ? undefined : (await keyFor(scope as ApiScope)).key;
  const program = text.replaceAll('http://localhost:4000', origin).replaceAll('cc_live_…', key ?? 'cc_live_…');
  if (language === 'bash') return run('bash', ['-c', program], until);
  const file = join(folder, `${name}.${language === 'python' ? 'py' : 'mts'}`);
  writeFileSync(file, program);
  return language === 'python' ? run('python3', ['-u', file], until) : run(process.execPath, ['--import', 'tsx', file], until);
}

/** Returns why an example cannot run on this machine. */
function findObstacle({ language }: GuideExample): string | undefined {
  const needed = language === 'bash' ? [TOOLS.bash, TOOLS.curl] : language === 'python' ? [TOOLS.python] : [];
  const missing = needed.find((tool) => {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
      return false;
    } catch {
      return true; // not installed
    }
  });
  return missing && `${missing} is not installed`;
}

describe('the API guide', () => {
  it('has no example that nothing runs', () => expect(idle).toEqual([]));

  it('speaks TypeScript, Python, curl and GraphQL, each name once', () => {
    expect([...new Set(examples.map(({ language }) => language))].sort()).toEqual(['bash', 'graphql', 'python', 'ts']);
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  });

  const documents = examples.filter(({ language }) => language === 'graphql');
  it.each(documents)('$page, document $name: answers as the page says', async ({ text, expects, scope }) => {
    const headers: Record<string, string> = scope === undefined ? {} : { authorization: `Bearer ${(await keyFor(scope as ApiScope)).key}` };
    const { data, errors } = await post(`${origin}/graphql`, text, {}, headers);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(expects === undefined ? [] : [expects]);
    if (expects === undefined) expect(data).not.toBeNull();
  });

  for (const example of examples.filter(({ language }) => language !== 'graphql')) {
    const obstacle = findObstacle(example);
    it.skipIf(obstacle !== undefined)(
      `${example.page}, ${example.language} ${example.name}: runs${obstacle === undefined ? '' : ` (skipped: ${obstacle})`}`,
      async () => {
        const output = await runExample(example);
        expect(output).not.toContain('"errors"');
        expect(output).toContain(example.expects ?? '');
        expect(output.trim()).not.toBe('');
      },
      60_000,
    );
  }

  it('has TypeScript that compiles in a strict program', () => {
    const files = examples
      .filter(({ language }) => language === 'ts')
      .map(({ name, text }) => {
        const file = join(folder, `${name}.mts`);
        writeFileSync(file, text);
        return file;
      });
    const program = ts.createProgram(files, {
      ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, noUncheckedIndexedAccess: true },
      ...{
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        types: ['node'],
      },
      ...{ typeRoots: [join(folder, 'node_modules/@types')], preserveSymlinks: false },
    });
    const wrong = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(wrong).toEqual([]);
  }, 60_000);
});
