import type { EpochMs } from '@candlecast/domain';
import { toIso } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import { toInstant } from '../market/chart-candle.ts';
import form from '../shell/form.module.css';
import { Panel, TableBox } from '../shell/panel.tsx';
import css from '../shell/problem.module.css';
import { DEFAULT_SPEED, SPEEDS } from './replay-clock.ts';

/** A pair and the stretch of time of which it has candles. */
export interface ReplayRange {
  readonly id: string;
  readonly symbol: string;
  readonly firstOpenTime: string | null;
  readonly liveSince: string | null;
  readonly watermark: string | null;
}

interface Props {
  readonly ranges: readonly ReplayRange[];
  readonly present: EpochMs | undefined;
  readonly problem: string | undefined;
}

/** Where and how fast a replay is to begin. A plain form: the answer is an address. */
export function ReplayChooser({ ranges, present, problem }: Props) {
  const time = (text: string | null) => (text === null ? '–' : `${formatInstant(toInstant(text))} UTC`);
  return (
    <>
      {problem && (
        <p className={css.problem} role="alert" data-testid="replay-problem">
          BAD_USER_INPUT: {problem}
        </p>
      )}
      <Panel title="Begin a replay" id="begin">
        <form className={form.form} action="/replay">
          <label>
            From (UTC)
            <input type="datetime-local" name="at" required max={present && toIso(present).slice(0, 16)} data-testid="replay-at" />
          </label>
          <label>
            Speed
            <select name="speed" defaultValue={DEFAULT_SPEED}>
              {SPEEDS.map((speed) => (
                <option key={speed} value={speed}>
                  {speed.toLocaleString('en')}×
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className={form.main}>
            Replay
          </button>
        </form>
        <p>
          What was live comes as it was known then, corrections when they were made. Candles that were fetched as history come at their
          close.
        </p>
      </Panel>
      <Panel title="What there is" id="ranges">
        <TableBox label="Pairs and their history">
          <table>
            <thead>
              <tr>
                <th scope="col">Pair</th>
                <th scope="col">First candle</th>
                <th scope="col">Live since</th>
                <th scope="col">Complete up to</th>
              </tr>
            </thead>
            <tbody>
              {ranges.map(({ id, symbol, firstOpenTime, liveSince, watermark }) => (
                <tr key={id}>
                  <th scope="row">{symbol}</th>
                  <td>{time(firstOpenTime)}</td>
                  <td>{time(liveSince)}</td>
                  <td>{time(watermark)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      </Panel>
    </>
  );
}
