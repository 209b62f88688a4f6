'use client';

import { OperationTypeNode } from 'graphql';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { useMarketRows } from '../workspace/use-market-data.ts';
import styles from './developers.module.css';
import { listExamples } from './examples.ts';
import { readDraft, type Shown, sendDraft } from './run-document.ts';

/** Events of a stream that stay in sight. */
const MOST_EVENTS = 20;

/** Runs documents against the gateway: the examples as a visitor, anything else with a key, which stays in this page's memory. */
export function QueryBox() {
  const client = useClient();
  const examples = listExamples(useMarketRows()[0]?.instrument.symbol ?? 'BTCUSDT');
  const [text, setText] = useState(examples[0]?.text ?? '');
  const [variables, setVariables] = useState(examples[0]?.variables ?? '{}');
  const [key, setKey] = useState('');
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  function end(): void {
    stop.current?.();
    stop.current = undefined;
    setIsRunning(false);
  }

  function run(): void {
    end();
    const read = readDraft({ text, variables, key });
    setShown(read.ok ? [] : [read]);
    if (!read.ok) return;
    setIsRunning(true);
    const isStream = read.draft.kind === OperationTypeNode.SUBSCRIPTION;
    stop.current = sendDraft(client, read.draft, key.trim(), (next) => {
      setShown((before) => (isStream ? [next, ...before].slice(0, MOST_EVENTS) : [next]));
      if (!isStream || !next.ok) setIsRunning(false);
    });
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    run();
  };

  return (
    <fieldset className={styles.box} onKeyDown={onKeyDown} aria-label="Ask the gateway">
      <div className={styles.examples}>
        {examples.map((example) => (
          <button
            key={example.label}
            type="button"
            aria-pressed={text === example.text}
            onClick={() => {
              end();
              setText(example.text);
              setVariables(example.variables);
              setShown([]);
            }}
          >
            {example.label}
          </button>
        ))}
      </div>
      <label className={styles.document}>
        Document
        <textarea
          value={text}
          onChange={(event) => setText(event.target.value)}
          rows={14}
          wrap="off"
          spellCheck={false}
          data-testid="query-text"
        />
      </label>
      <div className={styles.side}>
        <label>
          Variables (JSON)
          <textarea
            value={variables}
            onChange={(event) => setVariables(event.target.value)}
            rows={4}
            spellCheck={false}
            data-testid="query-variables"
          />
        </label>
        <label>
          API key, for documents of your own
          <input type="password" value={key} autoComplete="off" onChange={(event) => setKey(event.target.value)} data-testid="query-key" />
        </label>
        <p className={styles.hint}>The key stays in this page's memory and is gone when you leave it. Subscriptions run as a visitor.</p>
        <p className={styles.actions}>
          <button type="button" className={styles.go} onClick={run} data-testid="query-run">
            Run
          </button>
          {isRunning && (
            <button type="button" onClick={end} data-testid="query-stop">
              Stop
            </button>
          )}
          <small>Ctrl + Enter</small>
        </p>
      </div>
      <section className={styles.answer} aria-label="Answer" aria-live="polite">
        {shown.length === 0 && <p className={styles.hint}>{isRunning ? 'Waiting for the gateway.' : 'The answer comes here.'}</p>}
        {shown.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no names of their own
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <pre key={index} tabIndex={0} data-ok={one.ok} data-testid="query-answer">
            {one.ok ? JSON.stringify(one.data, null, 2) : `${one.failure.code}: ${one.failure.message}`}
          </pre>
        ))}
      </section>
    </fieldset>
  );
}
