'use client';

import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';

const SHORTCUTS = [
  ['A letter', 'search a pair'],
  ['A digit', 'choose the interval: 15 is 15m, 60 is 1h'],
  ['?', 'this list'],
  ['Alt + 1 … 9', 'make a chart the active one'],
  ['Alt + Enter, double click', 'fill the screen with the active chart, and back'],
  ['Esc', 'back to the grid; close what is open'],
  ['← →', 'move the chart, faster with Shift'],
  ['+ −', 'zoom the chart'],
  ['Home, End', 'the oldest loaded candle; back to now'],
] as const;

/** What can be done with the keyboard. */
export function ShortcutsDialog() {
  return (
    <DialogFrame title="Keyboard shortcuts" testId="shortcuts-dialog">
      <dl className={styles.keys}>{SHORTCUTS.map(([keys, meaning]) => [<dt key={keys}>{keys}</dt>, <dd key={meaning}>{meaning}</dd>])}</dl>
      <p className={styles.note}>Dividers between charts and the range under a chart move with the arrow keys, too.</p>
    </DialogFrame>
  );
}
