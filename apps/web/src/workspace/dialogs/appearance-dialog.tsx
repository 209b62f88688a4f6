'use client';

import { ownColours, type PaletteName, toUpDown } from '../palette.ts';
import { useServices, useWorkspace } from '../services.ts';
import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';

/** What the style sheet draws in, for the fields of one's own colours. */
const USUAL = { dark: { up: '#4cb3f0', down: '#f0654c' }, light: { up: '#0f6fb8', down: '#c93a22' } } as const;

const PALETTE_LABELS: Readonly<Record<PaletteName, string>> = {
  usual: 'Blue and vermilion, safe for colour blindness',
  classic: 'Green and red',
  violet: 'Yellow and violet, safe for colour blindness',
  mono: 'Light and grey, without colour',
};

/** Theme, palette, one's own colours for rising and falling, and whose clock times are of. */
export function AppearanceDialog() {
  const { workspace } = useServices();
  const { theme, colours, clock } = useWorkspace((state) => state);
  const pair = toUpDown(colours, theme) ?? USUAL[theme];
  const names = Object.keys(PALETTE_LABELS) as PaletteName[];
  return (
    <DialogFrame title="Appearance" testId="appearance-dialog">
      <div className={styles.line}>
        {(['dark', 'light'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className={styles.action}
            aria-pressed={theme === one}
            onClick={() => workspace.setState({ theme: one })}
          >
            {one === 'dark' ? 'Dark' : 'Light'} {theme === one && <span aria-hidden="true">✓</span>}
          </button>
        ))}
      </div>
      <ul className={styles.list} aria-label="Palettes">
        {names.map((name) => {
          const { up, down } = toUpDown(name, theme) ?? USUAL[theme];
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.option}
                aria-pressed={colours === name}
                data-current={colours === name}
                data-testid={`palette-${name}`}
                onClick={() => workspace.setState({ colours: name })}
              >
                <span>{PALETTE_LABELS[name]}</span>
                <span aria-hidden="true">
                  <span style={{ color: up }}>▲</span> <span style={{ color: down }}>▼</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <div className={styles.line}>
        {(['up', 'down'] as const).map((side) => (
          <label key={side} className={styles.field}>
            {side === 'up' ? 'Rising' : 'Falling'}
            <input
              className={`${styles.input} ${styles.short}`}
              type="color"
              value={pair[side]}
              data-testid={`colour-${side}`}
              onChange={(event) => workspace.setState({ colours: ownColours({ ...pair, [side]: event.target.value }) })}
            />
          </label>
        ))}
      </div>
      <label className={styles.field}>
        Times
        <select
          className={styles.input}
          value={clock}
          onChange={(event) => workspace.setState({ clock: event.target.value === 'local' ? 'local' : 'utc' })}
        >
          <option value="utc">in UTC</option>
          <option value="local">of this machine</option>
        </select>
      </label>
    </DialogFrame>
  );
}
