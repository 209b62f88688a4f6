import { type FeedStatus, splitInstrumentId, toIso } from '@candlecast/domain';
import type { LatestEventKind } from '../event-kind.ts';

/** The feed of a venue has changed its state. */
export const feedStatus: LatestEventKind = {
  name: 'feed.status',
  description: 'The feed of a venue has changed its state. States that were over before they could be told are left out.',
  from: 'latest',
  topic: 'feed.status',
  toState: (value) => (value as FeedStatus).state,
  toTime: (value) => (value as FeedStatus).since,
  isFor: ({ symbols }, key) => symbols.length === 0 || symbols.some((symbol) => splitInstrumentId(symbol).venue === key),
  toData(value) {
    const { venue, state, since, detail } = value as FeedStatus;
    return { venue, state, since: toIso(since), detail };
  },
};
