interface Options {
  readonly nonce: string;
  /** Address of the gateway's WebSocket. */
  readonly socketUrl: string;
  readonly isDevelopment: boolean;
}

/**
 * Returns the page's policy: scripts only with this request's nonce (and what they load), connections only to the page's own
 * origin and the gateway. Styles may be inline: the chart engine adds its own element, and positions are style attributes.
 */
export function contentSecurityPolicy({ nonce, socketUrl, isDevelopment }: Options): string {
  const development = isDevelopment ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${new URL(socketUrl).origin}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
