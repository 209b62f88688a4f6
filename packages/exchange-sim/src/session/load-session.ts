import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError, type EpochMs } from '@candlecast/domain';

/** A frame as it came from the exchange. */
export interface SessionFrame {
  /** When it came, in milliseconds with fractions. */
  readonly time: number;
  readonly stream: string;
  /** The event's own bytes as text: what stands after `"data":` in the frame. */
  readonly data: string;
}

/** An answer of the exchange's REST interface as it came. */
export interface SessionCapture {
  readonly time: number;
  /** Under /api/v3. */
  readonly path: string;
  readonly symbol: string | undefined;
  readonly body: string;
}

/** Recorded frames and answers, each in the order in which they came. */
export interface RecordedSession {
  readonly name: string;
  readonly frames: readonly SessionFrame[];
  readonly captures: readonly SessionCapture[];
  /** Whole milliseconds: at or before the first frame or answer, at or after the last. */
  readonly startTime: EpochMs;
  readonly endTime: EpochMs;
}

interface ManifestEntry {
  readonly name: string;
  readonly rest: readonly { readonly file: string; readonly url: string; readonly recv_ts: string }[];
}

const LINE = /^\{"recv_ts":"(\d+(?:\.\d+)?)","frame":(.*)\}$/s;
const FRAME = /^\{"stream":"([^"\\]+)","data":(.*)\}$/s;
const UNPACK = promisify(gunzip);

/**
 * Loads a session: one frame a line, `{"recv_ts":"<seconds>","frame":<the frame>}`, gzip or plain. Answers come from `MANIFEST.json` beside
 * the file, where there is one. Throws `session_unreadable`, naming the line of a frame that could not be sent byte for byte.
 */
export async function loadSession(path: string): Promise<RecordedSession> {
  const fileName = basename(path);
  const frames = (await loadText(path)).split('\n').flatMap((line, index) => (line === '' ? [] : [readFrame(line, fileName, index + 1)]));
  if (frames.length === 0) throw new AppError('session_unreadable', `session "${fileName}" holds no frame`);
  const name = fileName.replace(/\.jsonl(\.gz)?$/, '');
  const captures = await loadCaptures(dirname(path), name);
  const times = [...frames, ...captures].map(({ time }) => time);
  return {
    name,
    frames,
    captures,
    startTime: Math.floor(least(times, 1)) as EpochMs,
    endTime: Math.ceil(-least(times, -1)) as EpochMs,
  };
}

function readFrame(line: string, fileName: string, lineNumber: number): SessionFrame {
  const [, seconds, frame = ''] = LINE.exec(line) ?? [];
  const [, stream, data] = FRAME.exec(frame) ?? [];
  if (seconds === undefined || stream === undefined || data === undefined)
    throw new AppError('session_unreadable', `line ${lineNumber} of session "${fileName}" is no recorded frame of a combined link`);
  return { time: toMs(seconds), stream, data };
}

async function loadCaptures(folder: string, name: string): Promise<SessionCapture[]> {
  const manifest = await readFile(join(folder, 'MANIFEST.json'), 'utf8').catch(() => '[]');
  const entry = (JSON.parse(manifest) as ManifestEntry[]).find((session) => session.name === name);
  const captures = (entry?.rest ?? []).map(async ({ file, url, recv_ts }): Promise<SessionCapture> => {
    const { pathname, searchParams } = new URL(url);
    return {
      time: toMs(recv_ts),
      path: pathname.replace(/^\/\w+\/v\d\//, ''),
      symbol: searchParams.get('symbol') ?? undefined,
      body: await loadText(join(folder, '..', file.slice(file.indexOf('rest/')))),
    };
  });
  return (await Promise.all(captures)).sort((a, b) => a.time - b.time);
}

async function loadText(path: string): Promise<string> {
  try {
    const packed = await readFile(path);
    const bytes = path.endsWith('.gz') ? await UNPACK(packed) : packed;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('session_unreadable', `"${basename(path)}" cannot be read as text, packed or not`, { cause });
  }
}

function toMs(seconds: string): number {
  return Number.parseFloat(seconds) * 1_000;
}

function least(values: readonly number[], sign: 1 | -1): number {
  return values.reduce((min, value) => Math.min(min, sign * value), Number.POSITIVE_INFINITY);
}
