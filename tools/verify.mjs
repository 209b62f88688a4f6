// `npm run verify`: format, lint, generated files, types. Stops at the first that fails.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['generated code and types', 'npx', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']],
];

for (const [name, command, args] of steps) {
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' } });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name}  ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exit(status ?? 1);
}
