'use client';

import { type FormEvent, useState } from 'react';
import {
  formatChoice,
  INDICATOR_KINDS,
  type IndicatorChoice,
  type IndicatorKind,
  nameOfChoice,
} from '../../indicators/indicator-choice.ts';
import { faultOf, formOf, MOST_INDICATORS, usualChoice } from '../../indicators/indicator-forms.ts';
import { useServices, useWorkspace } from '../services.ts';
import { withPane } from '../workspace-url.ts';
import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';

const NONE: readonly IndicatorChoice[] = [];

/** Adds indicators to the active chart and takes them away. */
export function IndicatorsDialog() {
  const { workspace } = useServices();
  const pane = useWorkspace(({ panes, active }) => panes[active]);
  const chosen = pane?.indicators ?? NONE;
  const [kind, setKind] = useState<IndicatorKind>('sma');
  const [settings, setSettings] = useState<readonly number[]>(usualChoice('sma').settings);
  const form = formOf(kind);
  const choice = { kind, settings };
  const isThere = chosen.some((other) => formatChoice(other) === formatChoice(choice));
  const fault =
    faultOf(choice) ??
    (isThere ? `${nameOfChoice(choice)} is drawn already` : undefined) ??
    (chosen.length >= MOST_INDICATORS ? `there are ${chosen.length} indicators, at most ${MOST_INDICATORS} are drawn` : undefined);
  const set = (indicators: readonly IndicatorChoice[]) => workspace.setState((state) => withPane(state, state.active, { indicators }));
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (fault === undefined) set([...chosen, choice]);
  };
  return (
    <DialogFrame title={`Indicators of ${pane?.symbol ?? ''}, ${pane?.interval ?? ''}`} testId="indicators-dialog">
      <form className={styles.line} onSubmit={add}>
        <label className={styles.field}>
          Indicator
          <select
            className={styles.input}
            value={kind}
            data-first=""
            data-testid="indicator-kind"
            onChange={(event) => {
              const next = INDICATOR_KINDS.find((known) => known === event.target.value) ?? 'sma';
              setKind(next);
              setSettings(usualChoice(next).settings);
            }}
          >
            {INDICATOR_KINDS.map((known) => (
              <option key={known} value={known}>
                {formOf(known).name}: {formOf(known).title}
              </option>
            ))}
          </select>
        </label>
        {form.settings.map(({ label, least, most }, index) => (
          <label key={label} className={styles.field}>
            {label}
            <input
              className={`${styles.input} ${styles.short}`}
              type="number"
              inputMode="numeric"
              min={least}
              max={most}
              value={Number.isNaN(settings[index]) ? '' : settings[index]}
              data-testid={`indicator-setting-${index}`}
              onChange={(event) => {
                const value = event.target.valueAsNumber;
                setSettings(settings.map((setting, at) => (at === index ? value : setting)));
              }}
            />
          </label>
        ))}
        <button type="submit" className={styles.action} aria-disabled={fault !== undefined} data-testid="indicator-add">
          Add
        </button>
      </form>
      {fault && (
        <p className={styles.note} role="status">
          {fault}
        </p>
      )}
      <ul className={styles.list}>
        {chosen.map((one) => (
          <li key={formatChoice(one)} className={styles.option}>
            <span>
              {nameOfChoice(one)} <small>{formOf(one.kind).title}</small>
            </span>
            <button
              type="button"
              className={styles.action}
              aria-label={`Remove ${nameOfChoice(one)}`}
              onClick={() => set(chosen.filter((other) => other !== one))}
            >
              Remove
            </button>
          </li>
        ))}
      </ul>
    </DialogFrame>
  );
}
