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

/** Returns the cursor of a row whose time alone does not name it: base64url of `p1.<time>.<id>`. */
export function toPlaceCursor({ time, id }: { readonly time: EpochMs; readonly id: number }): string {
  return encode(`p1.${time}.${id}`);
}

/** Returns the cursor of a row that a text names, such as a symbol: base64url of `p1.<text>`, percent-encoded. */
export function toKeyCursor(key: string): string {
  return encode(`p1.${encodeURIComponent(key)}`);
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

/** Reads a cursor of `toPlaceCursor`; any other text is `CURSOR_INVALID`. */
export function parsePlaceCursor(text: string): Result<{ readonly time: EpochMs; readonly id: number }> {
  const [kind, time, id, ...rest] = decode(text).split('.');
  if (kind !== 'p1' || !time || !/^-?\d{1,15}$/.test(time) || !id || !/^\d{1,15}$/.test(id) || rest.length > 0) {
    return err(new AppError('CURSOR_INVALID', `cursor "${text}" is not a cursor of this list`));
  }
  return ok({ time: Number.parseInt(time, 10) as EpochMs, id: Number.parseInt(id, 10) });
}

/** Reads a cursor of `toKeyCursor`; any other text is `CURSOR_INVALID`. */
export function parseKeyCursor(text: string): Result<string> {
  const decoded = decode(text);
  const key = decoded.startsWith('p1.') ? decodePercent(decoded.slice('p1.'.length)) : '';
  return key === '' ? err(new AppError('CURSOR_INVALID', `cursor "${text}" is not a cursor of this list`)) : ok(key);
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // not percent-encoded: the caller answers CURSOR_INVALID
  }
}

function encode(text: string): string {
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,800}$/.test(text)) return '';
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return ''; // not base64 at all: the caller answers CURSOR_INVALID
  }
}
