import { LOSS_BOX, type LossCurve, layOutLosses } from './loss-curves.ts';
import styles from './models.module.css';

/** Lines are told apart by their dashes as well as by their colour. */
const DASHES = ['', '8 4', '2 4', '12 4 2 4', '5 2'];

interface Props {
  readonly curves: readonly (LossCurve & { readonly label: string })[];
}

/** So many decimals that no two ticks read the same, 3 to 6. */
function digitsOf([first = 0, second = 0]: readonly number[]): number {
  const step = Math.abs(first - second);
  return step === 0 ? 3 : Math.min(6, Math.max(3, Math.ceil(-Math.log10(step)) + 1));
}

/** Loss curves over one another; the baseline is always drawn. The same numbers stand in a table below it. */
export function LossChart({ curves }: Props) {
  const layout = layOutLosses(curves);
  if (!layout) return <p>No training has told its losses yet.</p>;
  const { width, height } = LOSS_BOX;
  // Where no line runs.
  const labelY = layout.baseline + (layout.paths.every(({ end }) => !end || end[1] <= layout.baseline) ? 16 : -6);
  const digits = digitsOf(layout.ticks.map(({ ratio }) => ratio));
  return (
    <figure className={styles.figure} data-testid="loss-curves">
      <svg className={styles.drawing} viewBox={`-80 -12 ${width + 92} ${height + 44}`} role="img" aria-label={describe(curves)}>
        {layout.ticks.map(({ ratio, y }) => (
          <g key={y}>
            <path className={styles.grid} d={`M0 ${y}H${width}`} />
            <text className={styles.label} x={-8} y={y + 4} textAnchor="end">
              {ratio.toFixed(digits)}
            </text>
          </g>
        ))}
        <path className={styles.naive} d={`M0 ${layout.baseline}H${width}`} />
        <text className={styles.label} x={width} y={labelY} textAnchor="end">
          baseline
        </text>
        {layout.paths.map(({ id, path, end }, index) => (
          <g key={id} className={styles.line} data-line={index}>
            <path d={path} strokeDasharray={DASHES[index % DASHES.length]} />
            {end && <circle cx={end[0]} cy={end[1]} r={3.5} />}
          </g>
        ))}
        {layout.epochs.map(({ epoch, x }) => (
          <text key={epoch} className={styles.label} x={x} y={height + 24} textAnchor={x === 0 ? 'start' : 'end'}>
            epoch {epoch}
          </text>
        ))}
      </svg>
      <figcaption className={styles.legend}>
        {curves.map(({ id, label, best }, index) => (
          <span key={id} className={styles.line} data-line={index}>
            <svg viewBox="0 0 36 8" width="36" height="8" aria-hidden="true">
              <path d="M0 4h36" strokeDasharray={DASHES[index % DASHES.length]} />
            </svg>
            {label}
            {best !== undefined && `, best ${best.toFixed(4)}`}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function describe(curves: Props['curves']): string {
  const parts = curves.map(({ label, best }) => `${label}: best ${best?.toFixed(4) ?? 'unknown'}`);
  return `Validation loss by epoch as a part of the baseline's. ${parts.join('; ')}`;
}
