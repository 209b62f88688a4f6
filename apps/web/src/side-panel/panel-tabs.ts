/** The parts of the side panel, in their order. */
export const PANEL_TABS = [
  { name: 'watchlist', label: 'Watchlist' },
  { name: 'tape', label: 'Book & tape' },
  { name: 'forecasts', label: 'Forecasts' },
  { name: 'signals', label: 'Signals' },
  { name: 'alerts', label: 'Alerts' },
] as const;
export type PanelTab = (typeof PANEL_TABS)[number]['name'];

/** Returns the tab that a key leads to from `current`; undefined for any other key. Arrows go round. */
export function stepTab(tabs: readonly PanelTab[], current: PanelTab, key: string): PanelTab | undefined {
  const at = tabs.indexOf(current);
  const steps: Readonly<Record<string, number>> = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 };
  const next = steps[key];
  return next === undefined ? undefined : tabs[next % tabs.length];
}
