'use client';

import { type FormEvent, useState } from 'react';
import { resolveWorkspace } from '../parse-workspace-url.ts';
import { saveFile } from '../save-file.ts';
import { formatLayouts, MOST_LAYOUTS, parseLayouts, type SavedLayout, toWish, withLayoutSaved } from '../saved-layouts.ts';
import { useServices } from '../services.ts';
import { useMarketRows } from '../use-market-data.ts';
import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';
import { readStored, writeStored } from './stored-layouts.ts';

/** Layouts under names, kept in this browser; as a file they go elsewhere. */
export function LayoutsDialog() {
  const { workspace } = useServices();
  const symbols = useMarketRows().map(({ instrument }) => instrument.symbol);
  const [name, setName] = useState('');
  const [layouts, setLayouts] = useState<readonly SavedLayout[]>(readStored);
  const [fault, setFault] = useState<string>();
  const keep = (next: readonly SavedLayout[]) => {
    setLayouts(next);
    setFault(writeStored(next));
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const result = withLayoutSaved(layouts, name, workspace.getState());
    if (!result.ok) return setFault(result.error.message);
    keep(result.value);
    setName('');
  };
  const open = (layout: SavedLayout) => {
    workspace.setState({ ...resolveWorkspace(toWish(layout), symbols), isMaximised: false, spare: [], dialog: undefined });
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    const result = parseLayouts(await file.text());
    if (!result.ok) return setFault(`${file.name}: ${result.error.message}`);
    const merged = [...layouts.filter((one) => !result.value.some((other) => other.name === one.name)), ...result.value];
    if (merged.length > MOST_LAYOUTS)
      return setFault(`${file.name}: there would be ${merged.length} layouts, at most ${MOST_LAYOUTS} are kept`);
    keep(merged);
  };
  return (
    <DialogFrame title="Layouts" testId="layouts-dialog">
      <form className={styles.line} onSubmit={save}>
        <label className={styles.field}>
          Name of this layout
          <input
            className={styles.input}
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            data-first=""
            data-testid="layout-name"
          />
        </label>
        <button type="submit" className={styles.action} data-testid="layout-save">
          Save
        </button>
      </form>
      {fault && (
        <p className={styles.fault} role="alert" data-testid="layout-fault">
          {fault}
        </p>
      )}
      {layouts.length === 0 && <p className={styles.note}>No layout is saved in this browser yet.</p>}
      <ul className={styles.list}>
        {layouts.map((layout) => (
          <li key={layout.name} className={styles.line}>
            <button type="button" className={styles.action} data-testid={`layout-open-${layout.name}`} onClick={() => open(layout)}>
              {layout.name}
            </button>
            <button
              type="button"
              className={styles.action}
              aria-label={`Remove ${layout.name}`}
              onClick={() => keep(layouts.filter((other) => other !== layout))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.action}
          data-testid="layout-export"
          onClick={() => saveFile('candlecast-layouts.json', new Blob([formatLayouts(layouts)], { type: 'application/json' }))}
        >
          Export (JSON)
        </button>
        <label className={styles.field}>
          Import (JSON)
          <input
            type="file"
            accept="application/json,.json"
            data-testid="layout-import"
            onChange={(event) => void read(event.target.files?.[0])}
          />
        </label>
      </div>
    </DialogFrame>
  );
}
