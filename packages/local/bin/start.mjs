// `npm start`. Written so that a Node which is too old still reads this file far enough to say so.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [20, 19];
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const problem = findProblem();
if (problem) {
  console.error(problem);
  process.exit(1);
}
run();

function findProblem() {
  const version = process.versions.node.split('.').map(Number);
  const isOld = version[0] < MINIMUM[0] || (version[0] === MINIMUM[0] && version[1] < MINIMUM[1]);
  if (isOld) return `Candlecast needs Node ${MINIMUM.join('.')} or newer; this is Node ${process.versions.node}.`;
  const isInstalled = existsSync(join(root, 'node_modules', 'tsx', 'package.json'));
  return isInstalled ? undefined : 'The packages are not installed: run "npm ci" first.';
}

/** Loads the sources in this very process, so that a signal to it reaches them. */
function run() {
  process.chdir(root);
  import('tsx/esm/api')
    .then((tsx) => {
      tsx.register();
      return import('../src/main.ts');
    })
    .catch((cause) => {
      console.error(cause);
      process.exit(1);
    });
}
