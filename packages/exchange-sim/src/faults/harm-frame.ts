import type { EpochMs } from '@candlecast/domain';
import type { RandomRun } from '../market/random.ts';
import type { EventText } from '../stream/event-text.ts';
import type { FrameFault, FrameHarm } from './fault.ts';
import * as spoil from './spoil-text.ts';

/** A frame on its way to the listeners of a stream. */
export interface OutFrame {
  readonly event: EventText;
  /** Not before this time of the venue. */
  readonly dueAt?: EpochMs;
  /** Not before so many later frames of the stream. */
  readonly afterFrames?: number;
  /** Changes the whole frame, the name of the stream included. */
  readonly mangle?: (frame: string) => string | Buffer;
}

/** What a harm may look at. `recent` holds the frames that the stream has made since a replay was armed, oldest first. */
export interface FrameMoment {
  readonly now: EpochMs;
  readonly random: RandomRun;
  readonly recent: readonly OutFrame[];
}

const OVERSIZE_BYTES = 17 * 1_048_576;

/** Returns what is sent for a frame that a fault hits: nothing, the frame changed, or several. */
export function harmFrame(frame: OutFrame, fault: FrameFault, moment: FrameMoment): readonly OutFrame[] {
  switch (fault.kind) {
    case 'muteStream':
    case 'omitClose':
      return [];
    case 'delayClose': {
      const dueAt = (moment.now + fault.delayMs) as EpochMs;
      return [{ ...frame, dueAt, event: (unit) => spoil.withEventTime(frame.event(unit), () => dueAt) }];
    }
    default:
      return byHow(frame, fault, moment);
  }
}

function byHow(frame: OutFrame, harm: FrameHarm, { now, random, recent }: FrameMoment): readonly OutFrame[] {
  const pick = random.nextBits();
  const changed = (change: spoil.SpoilText): OutFrame[] => [{ ...frame, event: (unit) => change(frame.event(unit), pick) }];
  switch (harm.how) {
    case 'drop':
      return [];
    case 'repeat':
      return Array.from({ length: 1 + (harm.times ?? 1) }, () => frame);
    case 'delay':
      return [{ ...frame, dueAt: (now + harm.delayMs) as EpochMs }];
    case 'reorder':
      return [{ ...frame, afterFrames: 1 + (pick % (harm.window ?? 3)) }];
    case 'replay': {
      const old = recent.at(-1 - (harm.back ?? 1)) ?? recent[0] ?? frame;
      return harm.instead ? [old] : [frame, old];
    }
    case 'corruptUtf8':
      return [{ ...frame, mangle: (text) => corruptUtf8(text, pick) }];
    case 'truncate':
      return [{ ...frame, mangle: (text) => spoil.truncate(text, pick) }];
    case 'oversize':
      return changed(spoil.oversize(harm.bytes ?? OVERSIZE_BYTES));
    case 'shiftTime':
      return changed((json) => spoil.withEventTime(json, (time) => time + harm.byMs));
    case 'badNumber':
      return changed(spoil.badNumber(harm.value));
    case 'wrongSymbol':
      return changed(spoil.wrongSymbol(harm.as ?? 'ZZZUSDT'));
    case 'corruptJson':
      return changed(spoil.corruptJson);
    case 'wrongType':
      return changed(spoil.wrongType);
    case 'unknownEvent':
      return changed(spoil.unknownEvent);
    case 'unknownField':
      return changed(spoil.unknownField);
    case 'newEnum':
      return changed(spoil.newEnum);
  }
}

/** A lone continuation byte, an overlong form, half a character: none of them is UTF-8 anywhere. */
function corruptUtf8(text: string, pick: number): Buffer {
  const bytes = Buffer.from(text);
  const bad = [[0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xff]][(pick >>> 8) % 4] ?? [0xff];
  const at = 1 + (pick % Math.max(1, bytes.length - 2));
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(bad), bytes.subarray(at)]);
}
