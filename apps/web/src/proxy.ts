import { type NextRequest, NextResponse } from 'next/server';
import { isDevelopment, readWebSettings } from './server/config.ts';
import { contentSecurityPolicy } from './server/content-security-policy.ts';
import { socketUrl } from './server/gateway-address.ts';
import { welcome } from './server/visitor.ts';

/** Gives every visitor a workspace, and every page its policy with a fresh nonce; Next.js takes the nonce for its scripts from the request's header. */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy({
    nonce: crypto.randomUUID().replaceAll('-', ''),
    socketUrl: socketUrl(readWebSettings(), request.headers),
    isDevelopment: isDevelopment(),
  });
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  const cookie = welcome(request);
  if (cookie !== undefined) response.headers.append('Set-Cookie', cookie);
  return response;
}

export const config = { matcher: ['/((?!_next/static|_next/image|graphql|socket-params|health|ready|icon.svg).*)'] };
