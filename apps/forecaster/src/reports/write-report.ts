import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvaluationReport } from '../evaluate/report.ts';
import { toMarkdown } from './markdown.ts';
import { drawPlots, type PathSample } from './plots.ts';

/** Writes a report into a folder, which is made when it is not there: `report.md`, `report.json` and the plots. Returns the path of the first. */
export async function writeReport(dir: string, report: EvaluationReport, samples: readonly PathSample[]): Promise<string> {
  await mkdir(dir, { recursive: true });
  const plots = drawPlots(report, samples);
  for (const [name, svg] of plots) await writeFile(join(dir, name), svg);
  await writeFile(join(dir, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  const path = join(dir, 'report.md');
  await writeFile(path, toMarkdown(report, [...plots.keys()]));
  return path;
}
