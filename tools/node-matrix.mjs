// `npm run test:matrix`: runs `npm test` under every supported Node line, each from the npm package `node`.
import { spawnSync } from 'node:child_process';

const LINES = ['20', '22', '24'];
const failed = LINES.filter((line) => {
  console.log(`Node ${line}`);
  return spawnSync('npx', ['-y', '-p', `node@${line}`, 'node', 'tools/test.mjs'], { stdio: 'inherit' }).status !== 0;
});
console.log(failed.length === 0 ? `passed under Node ${LINES.join(', ')}` : `failed under Node ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
