import { AppError, err, ok, type Result } from './errors.ts';
import type { LogPosition } from './event.ts';
import type { EpochMs } from './time.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Returns the opaque cursor after which a subscription resumes: base64url of `s1.<epoch>.<seq>`. */
export function toStreamCursor(position: LogPosition): string {
  return encode(`s1.${position.epoch}.${position.seq}`);
}

/** Returns the opaque cursor of a row in a page: base64url of `p1.<openTime>`. */
export function toPageCursor(openTime: EpochMs): string {
  return encode(`p1.${openTime}`);
}

/** Reads a stream cursor; any other text, a page cursor included, is `CURSOR_INVALID`. */
export function parseStreamCursor(text: string): Result<LogPosition> {
  const [kind, epoch, seq, ...rest] = decode(text).split('.');
  if (kind !== 's1' || !epoch || !UUID.test(epoch) || !seq || !/^\d{1,15}$/.test(seq) || rest.length > 0) {
    return err(new AppError('CURSOR_INVALID', `cursor "${text}" is not a stream cursor`));
  }
  return ok({ epoch, seq: Number.parseInt(seq, 10) });
}

/** Reads a page cursor; any other text, a stream cursor included, is `CURSOR_INVALID`. */
export function parsePageCursor(text: string): Result<EpochMs> {
  const [kind, openTime, ...rest] = decode(text).split('.');
  if (kind !== 'p1' || !openTime || !/^-?\d{1,15}$/.test(openTime) || rest.length > 0) {
    return err(new AppError('CURSOR_INVALID', `cursor "${text}" is not a page cursor`));
  }
  return ok(Number.parseInt(openTime, 10) as EpochMs);
}

function encode(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(text)) return '';
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return ''; // not base64 at all: the caller answers CURSOR_INVALID
  }
}
