/** Returns the origins of the web app on this machine, which browsers may read from. */
export function localOrigins(webPort: number): string[] {
  return [`http://localhost:${webPort}`, `http://127.0.0.1:${webPort}`];
}

/**
 * Tells whether a WebSocket may be opened. Browsers always send `Origin` and do not ask before they connect, so the server must: allowed
 * are the listed origins and pages of the same host name as the gateway's. Without `Origin` it is not a browser.
 */
export function isOriginAllowed(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  const from = URL.canParse(origin) ? new URL(origin) : undefined;
  const own = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  return from !== undefined && from.hostname !== '' && from.hostname === own?.hostname;
}
