import type { TestName } from '../api-coverage/cover.ts';

/** One thing that a line promises: the tests that hold it, what measures it where a test would depend on the machine, or what it waits for. */
export interface UiClaim {
  readonly says: string;
  readonly tests?: readonly TestName[];
  readonly waitsFor?: string;
  /** The script of `npm run` that measures it on the machine at hand and fails below a floor. */
  readonly measuredBy?: string;
}

/** A line of the description of the web app, word for word, and what it promises. */
export interface UiLine {
  /** Short name of the line: `pages.all`. */
  readonly id: string;
  readonly text: string;
  readonly claims: readonly UiClaim[];
}

/** The lines of a section, in its order. */
export interface UiSection {
  readonly title: string;
  readonly lines: readonly UiLine[];
}

/** Names tests of the pages in a real browser, each by its suites below the first one and its title. */
export function pages(...titles: readonly string[]): TestName[] {
  const suite = 'the pages, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/pages.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of the page for developers in a real browser. */
export function developers(...titles: readonly string[]): TestName[] {
  const suite = 'the page for developers, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/pages-developers.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests that hold for every page in a real browser. */
export function access(...titles: readonly string[]): TestName[] {
  const suite = 'the pages for everybody, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/pages-access.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of what the workspace says of its data, in a real browser. */
export function states(...titles: readonly string[]): TestName[] {
  const suite = 'how the workspace says what it knows, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/workspace-states.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of the workspace in a real browser. */
export function workspace(...titles: readonly string[]): TestName[] {
  const suite = 'the workspace, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/workspace.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of the workspace's charts in a real browser. */
export function charts(...titles: readonly string[]): TestName[] {
  const suite = 'the charts of the workspace, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/workspace-charts.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of forecasts, tape, alerts and replay in a real browser. */
export function forecasts(...titles: readonly string[]): TestName[] {
  const suite = 'forecasts, tape, alerts and replay, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/forecasts.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of history at the edge in a real browser. */
export function edge(...titles: readonly string[]): TestName[] {
  const suite = 'history at the edge, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/edge.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of what pages may weigh. */
export function budgets(...titles: readonly string[]): TestName[] {
  const suite = 'budgets of the pages, in a real browser (skipped without Chromium: set CHROMIUM_PATH)';
  return titles.map((title) => `e2e/src/budgets.e2e.test.ts > ${suite} > ${title}`);
}

/** Names tests of a replay in a real browser. */
export function replayed(...titles: readonly string[]): TestName[] {
  const suites = [
    'a replay of recorded candles, end to end (skipped without recorded data: set TEST_DATA_DIR)',
    'the page in a real browser (skipped without Chromium: set CHROMIUM_PATH)',
  ];
  return titles.map((title) => ['e2e/src/replay.e2e.test.ts', ...suites, title].join(' > '));
}

/** Names tests of `apps/web/src/FILE`, each by its suites and title. */
export function web(file: string, ...titles: readonly string[]): TestName[] {
  return titles.map((title) => `apps/web/src/${file} > ${title}`);
}
