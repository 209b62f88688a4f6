import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const WHOLE = gateway('work', 'runs > are whole: what they were given, how they went, what they made or failed of');
const PAGES = gateway('work', 'runs > come in pages, the newest first, without hole or repeat');
const CHAMPIONS = gateway('work', 'championHistory > says who took over, when, why, and by which numbers, page by page');
const DRIFT = gateway('work', 'drift > tells how each champion stood last, shortest horizon first, and nothing that is days old');
const JOBS = gateway('work', 'jobs > show what waits and runs before what is over, of the running venue alone');

/** What holds trainings and scheduled work. */
export const WORK_COVERAGE: CoverageMap = {
  'Query.runs*': PAGES,
  'Run.*': WHOLE,
  'RunConnection.*': PAGES,
  'RunEdge.*': PAGES,
  'RunArtifact.*': WHOLE,
  'RunEpoch.*': WHOLE,
  'RunFigure.*': WHOLE,
  'RunParameter.*': WHOLE,
  'Query.championHistory*': CHAMPIONS,
  'ChampionChange*': CHAMPIONS,
  'Query.drift': DRIFT,
  'DriftCheck.*': DRIFT,
  'Query.jobs': JOBS,
  'Job.*': JOBS,
};
