export { readSettings } from './read-settings.ts';
export { SETTINGS, type SettingName, type Settings } from './settings.ts';
