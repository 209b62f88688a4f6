import type { Clock, FeedState, FeedStatus, LatestChannel, Venue } from '@candlecast/domain';

/** Publishes a venue's feed status. */
export interface FeedPublisher {
  /** Takes a state, and publishes a changed one at once where this process speaks for the venue. */
  set(state: FeedState, detail: string | null, isSpeaker: boolean): void;
  /** Publishes the present state again, for those who came later. */
  repeat(): void;
  /** Begins to count from now on: the venue's time is known. Publishes nothing. */
  start(): void;
  readonly status: FeedStatus;
}

/** The state is CONNECTING at first. `clock` is the venue's; `since` is when the state began. */
export function createFeedPublisher(venue: Venue, clock: Clock, latest: Pick<LatestChannel, 'publish'>): FeedPublisher {
  let status: FeedStatus = { venue, state: 'CONNECTING', since: clock.now(), detail: null };
  const publish = () => latest.publish({ topic: 'feed.status', key: venue, value: status });
  return {
    get status() {
      return status;
    },
    set(state, detail, isSpeaker) {
      if (state === status.state && detail === status.detail) return;
      status = { venue, state, since: state === status.state ? status.since : clock.now(), detail };
      if (isSpeaker) publish();
    },
    repeat: publish,
    start() {
      status = { ...status, since: clock.now() };
    },
  };
}
