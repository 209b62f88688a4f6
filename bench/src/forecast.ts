// `npm run bench:forecast`: what forecasts cost, from a training step to the committed entries of 1,600 instruments.
// `-- --only issue` measures one part: step, infer, retrain, memory or issue.
import { parseArgs } from 'node:util';
import { measureInference } from './forecast/inference.ts';
import { measureIssuing } from './forecast/issuing.ts';
import { measureRetraining } from './forecast/retraining.ts';
import { measureServingMemory } from './forecast/serving-memory.ts';
import { measureTrainingStep } from './forecast/training-step.ts';
import { createReport } from './measure/report.ts';
import { onPlainTier } from './measure/tier-servers.ts';

const report = createReport();
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  step: () => measureTrainingStep(report),
  infer: () => measureInference(report),
  retrain: () => measureRetraining(report),
  memory: async () => measureServingMemory(report),
  issue: () =>
    onPlainTier(report, 'From the close to committed forecasts of 1,600 instruments', (server) => measureIssuing(server, report)),
};
const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
if (only !== undefined && !(only in PARTS)) {
  console.error(`--only takes one of ${Object.keys(PARTS).join(', ')}, not "${only}"`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(PARTS)) if (only === undefined || only === name) await measure();
process.exitCode = report.exitCode();
