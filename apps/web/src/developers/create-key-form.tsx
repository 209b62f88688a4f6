'use client';

import type { Client, OperationContext, OperationResult } from '@urql/core';
import type { ResultOf } from 'gql.tada';
import { type FormEvent, useRef } from 'react';
import { CreateApiKeyDocument } from '../graphql/documents/developers.ts';
import styles from './developers.module.css';

const SCOPES = [
  ['READ', 'read, under a quota of its own'],
  ['TRACK', 'change which pairs are tracked'],
  ['NOTIFY', 'have alerts and webhooks'],
  ['ADMIN', 'manage keys'],
] as const;

/** Makes a key through the client. */
export type CreateKey = (
  client: Client,
  context: Partial<OperationContext>,
) => Promise<OperationResult<ResultOf<typeof CreateApiKeyDocument>>>;

interface Props {
  readonly isBusy: boolean;
  readonly onCreate: (create: CreateKey) => void;
}

/** Asks for what a new key may do. The gateway says what is wrong with it. */
export function CreateKeyForm({ isBusy, onCreate }: Props) {
  const form = useRef<HTMLFormElement>(null);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!form.current) return;
    const fields = new FormData(form.current);
    const day = `${fields.get('expires') ?? ''}`;
    const scopes = SCOPES.map(([scope]) => scope).filter((scope) => fields.getAll('scope').includes(scope));
    const input = { name: `${fields.get('name') ?? ''}`, scopes, expiresAt: day === '' ? null : `${day}T00:00:00.000Z` };
    onCreate((client, context) => client.mutation(CreateApiKeyDocument, { input }, context).toPromise());
    form.current.reset();
  }
  return (
    <form ref={form} className={styles.form} onSubmit={submit}>
      <label>
        Name
        <input name="name" required maxLength={100} autoComplete="off" data-testid="key-name" />
      </label>
      <fieldset>
        <legend>May</legend>
        {SCOPES.map(([scope, meaning]) => (
          <label key={scope} title={meaning}>
            <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'READ'} /> {scope}
          </label>
        ))}
      </fieldset>
      <label>
        Ends (UTC)
        <input name="expires" type="date" />
      </label>
      <button type="submit" className={styles.go} disabled={isBusy} data-testid="key-create">
        Make a key
      </button>
    </form>
  );
}
