import { toIso } from '@candlecast/domain';
import { CALL_ARROWS, formatChance, OUTCOME_TEXTS, type Outcome } from './call-of.ts';
import { CARD_HORIZONS } from './card-horizons.ts';
import styles from './history-grid.module.css';
import type { GridCell, GridRow } from './history-grid.ts';

const MARKS: Readonly<Record<Outcome, string>> = { waiting: '…', void: '∅', hit: '✓', miss: '✗', 'no call': '–', late: '–' };

/** What was said every quarter of an hour of the last three, and what came true. Every cell is a permalink. */
export function HistoryGrid({ rows }: { readonly rows: readonly GridRow[] }) {
  return (
    <table className={styles.grid} data-testid="history-grid">
      <caption className={styles.caption}>Last three hours: ▲ UP ▼ DOWN ◆ NO CALL, then ✓ came, ✗ did not, … waits</caption>
      <thead>
        <tr>
          <th scope="col">UTC</th>
          {CARD_HORIZONS.map((horizon) => (
            <th key={horizon} scope="col">
              {horizon}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ asOf, cells }) => (
          <tr key={asOf}>
            <th scope="row">{toIso(asOf).slice(11, 16)}</th>
            {CARD_HORIZONS.map((horizon) => (
              <td key={horizon}>
                <Cell cell={cells[horizon]} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ cell }: { readonly cell: GridCell | undefined }) {
  if (!cell) {
    return (
      <span title="No forecast was issued then" className={styles.none}>
        ·<span className="visuallyHidden"> none</span>
      </span>
    );
  }
  const said = `${cell.call} ${formatChance(cell.pUp)}, ${OUTCOME_TEXTS[cell.outcome].slice(2)}`;
  return (
    <a
      className={styles.cell}
      href={`/forecasts/${encodeURIComponent(cell.id)}`}
      aria-label={said}
      title={said}
      data-outcome={cell.outcome}
    >
      <span className={styles.call} data-call={cell.call}>
        {CALL_ARROWS[cell.call]}
      </span>
      <span className={styles.mark}>{MARKS[cell.outcome]}</span>
    </a>
  );
}
