'use client';

import type { KeyboardEvent } from 'react';
import { useDeferredValue, useId, useState } from 'react';
import { useQuery } from 'urql';
import { type FoundInstrument, SearchDocument } from '../../graphql/documents/search.ts';
import { toFailure } from '../../graphql/failure.ts';
import { useServices } from '../services.ts';
import { useMarketRows } from '../use-market-data.ts';
import { withPane } from '../workspace-url.ts';
import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';
import { TrackOffer } from './track-offer.tsx';

const SYMBOL = /^[\p{L}\p{N}._-]{2,40}$/u;

interface Props {
  readonly typed: string;
  /** Whether the pair is shown in the active chart, or beside what it shows. */
  readonly purpose: 'show' | 'compare';
}

/** Searches the pairs of the running venue. Arrows choose, Enter takes; a pair that is not tracked can be asked for. */
export function SearchDialog({ typed, purpose }: Props) {
  const { workspace } = useServices();
  const id = useId();
  const [text, setText] = useState(typed);
  const [at, setAt] = useState(0);
  const wanted = text.trim().replaceAll('/', '').toUpperCase();
  const asked = useDeferredValue(wanted);
  const rows = useMarketRows();
  const [{ data, error, fetching }] = useQuery({ query: SearchDocument, variables: { search: asked }, pause: asked === '' });
  const listed: readonly Pick<FoundInstrument, 'symbol' | 'baseAsset' | 'quoteAsset'>[] =
    asked === '' ? rows.map(({ instrument }) => instrument) : (data?.instruments.edges.map(({ node }) => node) ?? []);
  const found = listed.toSorted((a, b) => rank(a.symbol, wanted) - rank(b.symbol, wanted));
  const current = Math.min(at, Math.max(0, found.length - 1));
  const isUnknown = !fetching && !error && asked === wanted && SYMBOL.test(wanted) && !found.some(({ symbol }) => symbol === wanted);

  const choose = (symbol: string | undefined) => {
    if (symbol === undefined) return;
    const choice = purpose === 'show' ? { symbol } : { compare: symbol };
    workspace.setState((state) => ({ ...withPane(state, state.active, choice), dialog: undefined }));
  };
  const steer = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1 };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(next, found.length - 1)));
  };

  return (
    <DialogFrame title={purpose === 'show' ? 'Search a pair' : 'Compare with'} testId="search-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(found[current]?.symbol);
        }}
      >
        <input
          className={styles.input}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={steer}
          role="combobox"
          aria-label="Pair"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="BTC, ETHUSDT, …"
          data-first=""
          data-testid="search-input"
        />
      </form>
      {error && (
        <p className={styles.fault} role="alert">
          {toFailure(error).code}: {toFailure(error).message}
        </p>
      )}
      <div id={`${id}-list`} className={styles.list} role="listbox" aria-label="Pairs" aria-busy={fetching}>
        {found.map(({ symbol, baseAsset, quoteAsset }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above is what the keyboard is in
          <div
            key={symbol}
            id={`${id}-${index}`}
            className={styles.option}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            data-current={index === current}
            data-testid={`found-${symbol}`}
            onClick={() => choose(symbol)}
          >
            <b>
              {baseAsset}/{quoteAsset}
            </b>
            <small>{symbol}</small>
          </div>
        ))}
      </div>
      {isUnknown && <TrackOffer symbol={wanted} onReady={choose} />}
    </DialogFrame>
  );
}

/** The exact symbol first, then those that begin with the text. */
function rank(symbol: string, wanted: string): number {
  return symbol === wanted ? 0 : symbol.startsWith(wanted) ? 1 : 2;
}
