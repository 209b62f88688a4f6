'use client';

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { formatInstant } from '../charts/axis-time.ts';
import type { AlertFields, FiringFields } from '../graphql/documents/alerts.ts';
import { toInstant } from '../market/chart-candle.ts';
import css from '../shell/problem.module.css';
import type { MarketRow } from '../workspace/use-market-data.ts';
import { AlertForm } from './alert-form.tsx';
import styles from './alerts.module.css';
import type { AlertServices } from './create-alert-services.ts';
import { askForNotices, type NoticePermission, noticePermission } from './desktop-notice.ts';
import { toggleMuted } from './muted-alerts.ts';
import { ruleText } from './rule-text.ts';

/** The visitor's alerts: a form for a new one, the list, and what has fired. */
export function AlertsPanel({ row, services }: { readonly row: MarketRow; readonly services: AlertServices }) {
  const { feed, muted } = services;
  const { phase, failure, alerts, firings } = useStore(feed.state);
  const mutedIds = useStore(muted, ({ ids }) => ids);
  useEffect(() => {
    feed.see();
    return feed.state.subscribe(({ unseen }) => unseen > 0 && feed.see());
  }, [feed]);
  if (phase === 'refused') {
    return (
      <div className={styles.panel}>
        <p className={styles.note} role="status" data-testid="alerts-refused">
          Alerts are not available here: {failure?.message}. Whoever runs this site can give the web app a key with the scope NOTIFY.
        </p>
      </div>
    );
  }
  return (
    <div className={styles.panel}>
      <AlertForm instrument={row.instrument} onCreate={feed.create} />
      <NoticeSwitch />
      {failure && (
        <p className={css.problem} role="status">
          {failure.code}: {failure.message}
        </p>
      )}
      <h3 className={styles.title}>Alerts</h3>
      <ul className={styles.list} data-testid="alerts">
        {alerts.map((alert) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            isMuted={mutedIds.includes(alert.id)}
            onMute={() => toggleMuted(muted, localStorage, alert.id)}
            onDelete={() => void feed.remove(alert.id)}
          />
        ))}
        {alerts.length === 0 && <li className={styles.note}>{phase === 'loading' ? 'Loading…' : 'You have no alerts.'}</li>}
      </ul>
      <h3 className={styles.title}>Fired</h3>
      <ul className={styles.list} data-testid="firings" aria-live="polite">
        {firings.map((firing) => (
          <Firing key={firing.id} firing={firing} />
        ))}
        {firings.length === 0 && <li className={styles.note}>Nothing has fired in the last 30 days.</li>}
      </ul>
    </div>
  );
}

interface AlertRowProps {
  readonly alert: AlertFields;
  readonly isMuted: boolean;
  readonly onMute: () => void;
  readonly onDelete: () => void;
}

function AlertRow({ alert, isMuted, onMute, onDelete }: AlertRowProps) {
  const name = `${alert.symbol}: ${ruleText(alert.rule)}`;
  return (
    <li className={styles.row} data-testid="alert">
      <span>
        <b>{name}</b>
        <small>
          {alert.state.toLowerCase()}, fired {alert.firedCount} ×{alert.once && ', once'}
          {alert.note && ` · ${alert.note}`}
        </small>
      </span>
      <button type="button" className={styles.action} aria-pressed={isMuted} aria-label={`Mute ${name}`} onClick={onMute}>
        {isMuted ? 'Muted' : 'Mute'}
      </button>
      <button type="button" className={styles.action} aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </button>
    </li>
  );
}

function Firing({ firing }: { readonly firing: FiringFields }) {
  return (
    <li className={styles.row} data-testid="firing">
      <span>
        <span aria-hidden="true">{firing.crossed === 'UP' ? '▲' : '▼'} </span>
        {firing.reason}
        <small>{formatInstant(toInstant(firing.at))} UTC</small>
      </span>
    </li>
  );
}

const NOTICE_TEXTS: Readonly<Record<NoticePermission, string>> = {
  default: 'Show desktop notices',
  granted: 'Desktop notices are on',
  denied: 'Desktop notices are blocked in this browser',
  unsupported: 'This browser shows no desktop notices',
};

function NoticeSwitch() {
  const [permission, setPermission] = useState<NoticePermission>(noticePermission);
  if (permission !== 'default') return <p className={styles.note}>{NOTICE_TEXTS[permission]}</p>;
  return (
    <button type="button" className={styles.button} onClick={() => askForNotices().then(setPermission, console.error)}>
      {NOTICE_TEXTS.default}
    </button>
  );
}
