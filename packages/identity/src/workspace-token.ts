import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError, addMs, type EpochMs, err, ok, type Result, toEpochMs } from '@candlecast/domain';

/** What a token is for: one for the browser's cookie opens no socket, and the other way round. */
export type WorkspaceTokenUse = 'cookie' | 'request' | 'socket';

/** What a token says. */
export interface WorkspaceToken {
  readonly workspaceId: string;
  readonly expiresAt: EpochMs;
}

const ID = /^[0-9A-Za-z_-]{22}$/;
const SHAPE = /^w1\.(?<id>[0-9A-Za-z_-]{22})\.(?<expiresAt>\d{10,16})\.(?<mac>[0-9A-Za-z_-]{43})$/;

/** Returns the name of a new workspace: 128 random bits. */
export function makeWorkspaceId(): string {
  return randomBytes(16).toString('base64url');
}

/** Tells whether a text may name a workspace. */
export function isWorkspaceId(text: string): boolean {
  return ID.test(text);
}

/** Returns the secret that signs tokens, made of the web app's key, which web and gateway both know (HKDF, RFC 5869). */
export function deriveWorkspaceSecret(webKey: string): Buffer {
  return Buffer.from(hkdfSync('sha256', webKey, '', 'candlecast workspace tokens 1', 32));
}

/** Signs a token `w1.<workspace>.<end, epoch milliseconds>.<HMAC-SHA256>` that lasts for `lifetimeMs`. */
export function signWorkspaceToken(secret: Buffer, use: WorkspaceTokenUse, workspaceId: string, now: EpochMs, lifetimeMs: number): string {
  const body = `w1.${workspaceId}.${addMs(now, lifetimeMs)}`;
  return `${body}.${macOf(secret, use, body).toString('base64url')}`;
}

/** Returns what a token says, if it is ours, for this use, and not at its end. */
export function openWorkspaceToken(secret: Buffer, use: WorkspaceTokenUse, token: string, now: EpochMs): Result<WorkspaceToken> {
  const parts = SHAPE.exec(token)?.groups;
  if (!parts) return refuse('is not of the form w1.<workspace>.<end>.<signature>');
  const { id = '', expiresAt = '', mac = '' } = parts;
  if (!timingSafeEqual(macOf(secret, use, `w1.${id}.${expiresAt}`), Buffer.from(mac, 'base64url'))) return refuse('has a wrong signature');
  const end = toEpochMs(Number.parseInt(expiresAt, 10));
  return end > now ? ok({ workspaceId: id, expiresAt: end }) : refuse('has ended: take a new one');
}

function macOf(secret: Buffer, use: WorkspaceTokenUse, body: string): Buffer {
  return createHmac('sha256', secret).update(`${use} ${body}`).digest();
}

function refuse(reason: string): Result<never> {
  return err(new AppError('UNAUTHENTICATED', `the workspace token ${reason}`));
}
