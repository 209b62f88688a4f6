export type { AppName } from './app-plan.ts';
export { type LocalSettings, readLocalSettings } from './config.ts';
export type { HistoryProgress, LocalEvent, TrainingProgress } from './local-event.ts';
export { type LocalSystem, type StartLocalOptions, startLocal } from './start-local.ts';
