import { MAX_SPEED } from '../replay/replay-clock.ts';
import { builder } from './builder.ts';

/** The clock of a replay. */
export const ClockInputRef = builder.inputType('ClockInput', {
  description:
    'Runs a subscription from a past moment, as if that were now. Whatever is sent was known or had happened by the replay’s time: live candles in ' +
    'the version known then, corrections when they became known; candles fetched as history (`reconstructed`) at their close. Ends when it has ' +
    'reached the present. A reader that is slow is behind the clock and misses no durable event. Of one caller at most 20 play at a time: RATE_LIMITED.',
  fields: (t) => ({
    replayFrom: t.field({ type: 'DateTime', required: true, description: 'Where it begins, on the venue’s clock; not after its present.' }),
    speed: t.float({
      required: true,
      defaultValue: 1,
      description: `How many times as fast as real time, 0 to ${MAX_SPEED}; 0 stands still. To pause: speed 0 from where it stands; to go on: another speed from there.`,
    }),
    anchoredAt: t.field({
      type: 'DateTime',
      description:
        'Real time at which the replay stood at `replayFrom`; now when absent. All subscriptions that name the same share one clock, and one that ' +
        'reconnects goes on where the others are.',
    }),
  }),
});

/** What `clock` says of itself on every field that takes it. */
export const CLOCK = 'Plays the past instead of the present.';
