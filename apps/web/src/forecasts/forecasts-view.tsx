import { toIso } from '@candlecast/domain';
import { decimalsOf } from '../market/format-decimal.ts';
import form from '../shell/form.module.css';
import { Panel } from '../shell/panel.tsx';
import { ActualTable } from './actual-table.tsx';
import { OUTCOME_TEXTS, type Outcome } from './call-of.ts';
import { CARD_HORIZONS } from './card-horizons.ts';
import styles from './forecasts.module.css';
import { filterQuery, type HistoryFilter, withOutcome } from './history-filter.ts';
import { HistoryTable } from './history-table.tsx';
import type { ForecastsPageData } from './load-forecasts-page.ts';
import { PathPlot } from './path-plot.tsx';
import { PredictionPlot } from './prediction-plot.tsx';
import { ghostsOf, toPredicted } from './prediction-series.ts';
import { CoveragePlot, ReliabilityPlot, SkillPlot } from './record-plots.tsx';
import { RecordTable } from './record-table.tsx';

interface Props {
  readonly data: ForecastsPageData;
  readonly filter: HistoryFilter;
}

const SKILL = 'Skill is 1 − CRPS ÷ CRPS of the naive reference: above 0 is better.';
/** How many earlier forecasts the path is drawn over. */
const GHOSTS = 16;

/** The track record of a pair and horizon: record, diagrams, path, predicted against actual, history. */
export function ForecastsView({ data, filter }: Props) {
  const { instrument, record, overTime, reliability, path, closes, history } = data;
  const decimals = decimalsOf(instrument.tickSize);
  // Lines and rows of several models would lie in one another; the table below them has them all.
  const predicted = toPredicted(history.filter(({ model }) => model.name === record.model?.name));
  const { horizon } = filter;
  return (
    <>
      <Choices data={data} filter={filter} />
      <Panel
        title={`Record of ${record.model?.name ?? 'no model yet'}, 30 days`}
        id="record"
        note={`All forecasts of ${instrument.symbol}, late and missing ones too. Below 30 resolved forecasts nothing is said: “too few”. ${SKILL}`}
      >
        <RecordTable record={record} />
        <p className={styles.disclaimer}>{record.disclaimer}</p>
      </Panel>
      <Panel
        title={`How far ${horizon} forecasts can be trusted`}
        id="diagrams"
        note="Forecasts of neighbouring minutes resemble each other, so the reliability diagram draws no intervals. Whatever is drawn stands beside the naive forecast."
      >
        <div className={styles.plots}>
          <ReliabilityPlot bins={reliability} />
          <CoveragePlot records={overTime} />
          <SkillPlot records={overTime} />
        </div>
      </Panel>
      <Panel
        title="Predicted and actual"
        id="predicted"
        note={`Forecasts of ${horizon} by ${record.model?.name ?? 'no model yet'}, over the time that they are about.`}
      >
        <div className={styles.plots}>
          <PredictionPlot predicted={predicted} decimals={decimals} />
          {path ? (
            <PathPlot path={path} closes={closes} ghosts={ghostsOf(predicted, GHOSTS)} decimals={decimals} />
          ) : (
            <p>There is no path of the next 24 hours: no model has issued one yet.</p>
          )}
        </div>
        <ActualTable predicted={predicted} decimals={decimals} />
      </Panel>
      <History data={data} filter={filter} decimals={decimals} />
    </>
  );
}

function Choices({ data: { instruments, instrument }, filter }: Props) {
  const hrefOf = (change: Partial<HistoryFilter>) => `/forecasts?${filterQuery({ ...filter, before: undefined, ...change })}`;
  return (
    <>
      <nav className={styles.choices} aria-label="Pair">
        {instruments.map(({ id, symbol, baseAsset, quoteAsset }) => (
          <a key={id} className={form.button} href={hrefOf({ symbol })} aria-current={id === instrument.id ? 'true' : undefined}>
            {baseAsset}/{quoteAsset}
          </a>
        ))}
      </nav>
      <nav className={styles.choices} aria-label="Horizon">
        {CARD_HORIZONS.map((horizon) => (
          <a
            key={horizon}
            className={form.button}
            href={hrefOf({ horizon })}
            aria-current={horizon === filter.horizon ? 'true' : undefined}
          >
            {horizon}
          </a>
        ))}
      </nav>
    </>
  );
}

function History({ data: { instrument, history, older }, filter, decimals }: Props & { readonly decimals: number }) {
  const shown = withOutcome(history, filter.outcome).toReversed();
  const named = { ...filter, symbol: instrument.symbol };
  return (
    <Panel
      title="History"
      id="history"
      note={`${shown.length} of the ${history.length} forecasts of this page. Nothing is ever left out or changed because it turned out wrong.`}
    >
      <form className={form.form} action="/forecasts#history">
        <input type="hidden" name="symbol" value={instrument.symbol} />
        <input type="hidden" name="horizon" value={filter.horizon} />
        <label>
          Outcome
          <select name="outcome" defaultValue={filter.outcome ?? ''}>
            <option value="">all</option>
            {(Object.keys(OUTCOME_TEXTS) as Outcome[]).map((outcome) => (
              <option key={outcome} value={outcome}>
                {OUTCOME_TEXTS[outcome]}
              </option>
            ))}
          </select>
        </label>
        <label>
          Issued from (UTC)
          <input type="datetime-local" name="from" defaultValue={filter.from && toIso(filter.from).slice(0, 16)} />
        </label>
        <label>
          Issued before (UTC)
          <input type="datetime-local" name="to" defaultValue={filter.to && toIso(filter.to).slice(0, 16)} />
        </label>
        <button type="submit" className={form.button}>
          Filter
        </button>
        <a
          className={form.button}
          href={`/forecasts/export?${filterQuery({ ...named, before: undefined })}`}
          download
          data-testid="history-export"
        >
          Export CSV
        </a>
      </form>
      <HistoryTable forecasts={shown} decimals={decimals} />
      {shown.length === 0 && <p>No forecast of this range came to that.</p>}
      {older !== undefined && (
        <a className={form.button} href={`/forecasts?${filterQuery({ ...named, before: older })}#history`}>
          Older
        </a>
      )}
    </Panel>
  );
}
