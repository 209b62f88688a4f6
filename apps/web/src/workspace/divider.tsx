'use client';

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import styles from './divider.module.css';
import { LEAST_PERCENT, moveDivider } from './track-sizes.ts';

const STEP_PERCENT = 2;

interface Props {
  /** Whether it stands between columns, or lies between rows. */
  readonly axis: 'columns' | 'rows';
  /** It follows this track. */
  readonly index: number;
  readonly sizes: readonly number[];
  /** Where it begins across its axis, in percent. */
  readonly offset: number;
  readonly onSizes: (sizes: readonly number[]) => void;
}

/** A line between charts that is dragged, or moved with arrow keys; a double click makes all alike. */
export function Divider({ axis, index, sizes, offset, onSizes }: Props) {
  const held = useRef<{ readonly start: number; readonly sizes: readonly number[]; readonly length: number } | undefined>(undefined);
  const at = sizes.slice(0, index + 1).reduce((a, b) => a + b, 0);
  const isColumns = axis === 'columns';
  const placeOf = (event: PointerEvent) => (isColumns ? event.clientX : event.clientY);

  const take = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!box) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    held.current = { start: placeOf(event), sizes, length: isColumns ? box.width : box.height };
  };
  const drag = (event: PointerEvent) => {
    const grip = held.current;
    if (grip) onSizes(moveDivider(grip.sizes, index, ((placeOf(event) - grip.start) / grip.length) * 100));
  };
  const release = () => {
    held.current = undefined;
  };
  const steer = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      [isColumns ? 'ArrowLeft' : 'ArrowUp']: -STEP_PERCENT,
      [isColumns ? 'ArrowRight' : 'ArrowDown']: STEP_PERCENT,
      Home: -100,
      End: 100,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onSizes(moveDivider(sizes, index, step));
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that is moved is no thematic break
    <div
      className={isColumns ? styles.column : styles.row}
      style={isColumns ? { left: `${at}%`, top: 0 } : { top: `${at}%`, left: `${offset}%` }}
      role="separator"
      tabIndex={0}
      aria-orientation={isColumns ? 'vertical' : 'horizontal'}
      aria-label={isColumns ? `Width of column ${index + 1}` : `Height of row ${index + 1}`}
      aria-valuemin={LEAST_PERCENT}
      aria-valuemax={100 - LEAST_PERCENT}
      aria-valuenow={Math.round(at)}
      data-testid={`divider-${axis}-${index}`}
      onPointerDown={take}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      onDoubleClick={() => onSizes([])}
      onKeyDown={steer}
    />
  );
}
