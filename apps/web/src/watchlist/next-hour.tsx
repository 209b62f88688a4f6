import { CALL_ARROWS, callOf, formatChance } from '../forecasts/call-of.ts';
import type { NextHourFields } from '../graphql/documents/watchlist.ts';
import styles from './next-hour.module.css';

/** A shape for what may be said of the skill: full, empty, crossed, dotted. */
const DOTS = {
  SKILL: ['●', 'has shown skill'],
  NO_SKILL: ['○', 'no skill shown'],
  WORSE: ['⊗', 'worse than the reference'],
  TOO_FEW: ['◌', 'too few to say'],
} as const;

/** Which way a pair is expected to go in the next hour, with a dot for how far that may be trusted. */
export function NextHour({ forecast }: { readonly forecast: NextHourFields | undefined }) {
  if (!forecast) return <span className={styles.none} title="No forecast of the next hour" aria-hidden="true" />;
  const call = callOf(forecast.pUp);
  const [dot, skill] = DOTS[forecast.skill?.verdict ?? 'TOO_FEW'];
  const text = `Next hour: ${call}, ${formatChance(forecast.pUp)}; ${skill}. Not financial advice.`;
  return (
    <span className={styles.hour} title={text} data-call={call} data-testid="next-hour">
      <span className="visuallyHidden">{text}</span>
      <span aria-hidden="true" className={styles.arrow}>
        {CALL_ARROWS[call]}
      </span>
      <span aria-hidden="true" className={styles.dot}>
        {dot}
      </span>
    </span>
  );
}
