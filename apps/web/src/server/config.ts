import { readSettings, type Settings } from '@candlecast/config';

const NAMES = [
  'CANDLECAST_HOST',
  'CANDLECAST_GATEWAY_PORT',
  'CANDLECAST_GATEWAY_URL',
  'CANDLECAST_GATEWAY_PUBLIC_URL',
  'CANDLECAST_WEB_KEY_FILE',
] as const;

export type WebSettings = Settings<(typeof NAMES)[number]>;

/** Reads the web app's settings from the environment of the running server; throws when one is wrong. */
export function readWebSettings(): WebSettings {
  const read = readSettings(NAMES, process.env);
  if (!read.ok) throw read.error;
  return read.value;
}

/** Tells whether this is `next dev`, which needs more rights in the page than the built app. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === 'development';
}
