'use client';

import { INTERVALS } from '@candlecast/domain';
import { type FormEvent, useId, useState } from 'react';
import { CARD_HORIZONS } from '../forecasts/card-horizons.ts';
import type { CreateAlertInput } from '../graphql/documents/alerts.ts';
import type { InstrumentFields } from '../graphql/documents/workspace.ts';
import type { Failure } from '../graphql/failure.ts';
import css from '../shell/problem.module.css';
import { ALERT_RULES, type AlertDraft, type AlertRuleName, EMPTY_DRAFT, parseDraft } from './alert-draft.ts';
import styles from './alerts.module.css';

interface Props {
  readonly instrument: InstrumentFields;
  /** Makes it. Returns why not, or undefined. */
  readonly onCreate: (input: CreateAlertInput) => Promise<Failure | undefined>;
}

type Field = 'level' | 'percent' | 'windowMinutes' | 'interval' | 'fast' | 'slow' | 'horizon' | 'intervals';

/** What each rule asks for beside its direction. */
const FIELDS: Readonly<Record<AlertRuleName, readonly Field[]>> = {
  priceLevel: ['level'],
  priceMove: ['percent', 'windowMinutes'],
  averageCross: ['interval', 'fast', 'slow'],
  rsiLevel: ['interval', 'level'],
  forecastFlip: ['horizon'],
  staleData: ['interval', 'intervals'],
};
const LABELS: Readonly<Record<Field, string>> = {
  level: 'Level',
  percent: 'Percent',
  windowMinutes: 'Within minutes',
  interval: 'Candles of',
  fast: 'Fast',
  slow: 'Slow',
  horizon: 'Horizon',
  intervals: 'None for',
};
const CHOICES: Partial<Readonly<Record<Field, readonly string[]>>> = { interval: INTERVALS, horizon: CARD_HORIZONS };

/** A new alert for the active pane's pair. */
export function AlertForm({ instrument, onCreate }: Props) {
  const [draft, setDraft] = useState<AlertDraft>(EMPTY_DRAFT);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const change = (values: Partial<AlertDraft>) => setDraft({ ...draft, ...values });

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const parsed = parseDraft(instrument.id, draft);
    if (!parsed.ok) return setProblem(parsed.problem);
    setIsBusy(true);
    const failure = await onCreate(parsed.input);
    setIsBusy(false);
    setProblem(failure && `${failure.code}: ${failure.message}`);
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} data-testid="alert-form" noValidate>
      <h3 className={styles.title}>
        New alert for {instrument.baseAsset}/{instrument.quoteAsset}
      </h3>
      <label>
        When
        <select value={draft.rule} onChange={({ target }) => change({ rule: target.value as AlertRuleName })} data-testid="alert-rule">
          {Object.entries(ALERT_RULES).map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {FIELDS[draft.rule].map((field) => (
        <DraftField key={field} field={field} value={draft[field]} onChange={(value) => change({ [field]: value })} />
      ))}
      {draft.rule !== 'staleData' && (
        <label>
          Which way
          <select value={draft.direction} onChange={({ target }) => change({ direction: target.value as AlertDraft['direction'] })}>
            <option value="EITHER">Either</option>
            <option value="UP">Up</option>
            <option value="DOWN">Down</option>
          </select>
        </label>
      )}
      <label>
        Note
        <input value={draft.note} maxLength={200} onChange={({ target }) => change({ note: target.value })} />
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={draft.once} onChange={({ target }) => change({ once: target.checked })} />
        Once
      </label>
      {problem && (
        <p className={css.problem} role="alert" data-testid="alert-problem">
          {problem}
        </p>
      )}
      <button type="submit" className={styles.button} disabled={isBusy} data-testid="alert-create">
        Create alert
      </button>
    </form>
  );
}

function DraftField({
  field,
  value,
  onChange,
}: {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  const choices = CHOICES[field];
  return (
    <label htmlFor={id}>
      {LABELS[field]}
      {choices ? (
        <select id={id} value={value} onChange={({ target }) => onChange(target.value)} data-testid={`alert-${field}`}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input id={id} inputMode="decimal" value={value} onChange={({ target }) => onChange(target.value)} data-testid={`alert-${field}`} />
      )}
    </label>
  );
}
