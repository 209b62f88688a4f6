// `npm run fuzz:gateway -- [--runs N] [--seed N]`: sends the gateway N random requests, messages and bytes (default 100,000).
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } } });
for (const [name, text] of Object.entries(values)) {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`--${name} "${text}" is not a whole number`);
    process.exit(1);
  }
}
const environment = { ...process.env, FUZZ_RUNS: values.runs, ...(values.seed ? { FUZZ_SEED: values.seed } : {}) };
const args = ['node_modules/vitest/vitest.mjs', 'run', 'apps/gateway/src/compliance/fuzz', '--disable-console-intercept'];
const child = spawn(process.execPath, args, { stdio: 'inherit', env: environment });
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
