import type { UiSection } from '../ui-line.ts';
import { CHARTS_LINES } from './charts.ts';
import { FORECASTS_LINES } from './forecasts.ts';
import { PAGES_LINES } from './pages.ts';
import { SHARING_LINES } from './sharing.ts';
import { STATES_LINES } from './states.ts';
import { WATCHLIST_LINES } from './watchlist.ts';
import { WORKSPACE_LINES } from './workspace.ts';

/** What the web app is to do, section by section. */
export const UI_SECTIONS: readonly UiSection[] = [
  CHARTS_LINES,
  WORKSPACE_LINES,
  PAGES_LINES,
  WATCHLIST_LINES,
  FORECASTS_LINES,
  STATES_LINES,
  SHARING_LINES,
];
