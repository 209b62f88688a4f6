export { readSettings } from './read-settings.ts';
export { DEFAULT_INSTRUMENTS, SETTINGS, type SettingName, type Settings } from './settings.ts';
