import type { EpochMs } from '@candlecast/domain';
import { ChannelSet } from '../stream/channel-set.ts';
import type { Feed, FeedSource } from '../stream/feed.ts';
import type { RecordedSession } from './load-session.ts';
import type { SessionTime } from './session-time.ts';

/** Plays a session's frames on the streams that are listened to, in their order and with their bytes. It begins with the first listener. */
export class SessionFeeds implements FeedSource {
  readonly #session: RecordedSession;
  readonly #time: SessionTime;

  constructor(session: RecordedSession, time: SessionTime) {
    this.#session = session;
    this.#time = time;
  }

  /** All streams share one feed: their order to one another is part of the recording. */
  keyOf(): string {
    return this.#session.name;
  }

  open(_: string, now: EpochMs): Feed {
    const { frames } = this.#session;
    const channels = new ChannelSet();
    const isStart = now === this.#session.startTime;
    this.#time.start();
    let next = isStart ? 0 : frames.findIndex(({ time }) => time > now);
    if (next < 0) next = frames.length;
    return {
      channels,
      play(until) {
        channels.release(until);
        for (let frame = frames[next]; frame && frame.time <= until; frame = frames[++next]) {
          const { data } = frame;
          channels.find(frame.stream)?.emit(() => data, until, data.includes('"x":true'));
        }
      },
    };
  }
}
