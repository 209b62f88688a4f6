'use client';

import { type FormEvent, useState } from 'react';
import { useClient } from 'urql';
import { type ApiKeyFields, ApiKeysDocument, RevokeApiKeyDocument, RotateApiKeyDocument } from '../graphql/documents/developers.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { CreateKeyForm } from './create-key-form.tsx';
import styles from './developers.module.css';
import { KeyTable } from './key-table.tsx';
import { NewKey } from './new-key.tsx';
import { withKey } from './run-document.ts';

/** The last key that was made here. It is shown once, and nowhere kept. */
interface Made {
  readonly name: string;
  readonly key: string;
}

/** Where whoever has an ADMIN key makes, rotates and revokes keys. The key is in this component's state alone: never stored, never in an address. */
export function KeyDesk() {
  const client = useClient();
  const [adminKey, setAdminKey] = useState('');
  const [keys, setKeys] = useState<readonly ApiKeyFields[]>();
  const [made, setMade] = useState<Made>();
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setIsBusy] = useState(false);
  const context = { requestPolicy: 'network-only' as const, ...withKey(adminKey.trim()) };

  /** Does something with the key that was typed in, then reads the list anew. */
  async function act(work: () => Promise<Made | undefined>): Promise<void> {
    setIsBusy(true);
    setFailure(undefined);
    try {
      const fresh = await work();
      if (fresh) setMade(fresh);
      const { data, error } = await client.query(ApiKeysDocument, {}, context).toPromise();
      if (error || !data) throw error ?? new Error('the gateway answered without data');
      setKeys(data.apiKeys);
    } catch (cause) {
      setFailure(toFailure(cause));
    } finally {
      setIsBusy(false);
    }
  }

  async function rotate(id: string): Promise<Made | undefined> {
    const { data, error } = await client.mutation(RotateApiKeyDocument, { id }, context).toPromise();
    if (error || !data) throw error ?? new Error('the gateway answered without data');
    return { name: data.rotateApiKey.apiKey.name, key: data.rotateApiKey.key };
  }

  async function revoke(id: string): Promise<undefined> {
    const { error } = await client.mutation(RevokeApiKeyDocument, { id }, context).toPromise();
    if (error) throw error;
  }

  function leave(): void {
    setAdminKey('');
    setKeys(undefined);
    setMade(undefined);
    setFailure(undefined);
  }

  return (
    <div className={styles.desk}>
      <form
        className={styles.form}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void act(async () => undefined);
        }}
      >
        <label>
          Admin key
          <input
            type="password"
            value={adminKey}
            required
            autoComplete="off"
            onChange={(event) => setAdminKey(event.target.value)}
            data-testid="admin-key"
          />
        </label>
        <button type="submit" className={styles.go} disabled={isBusy} data-testid="admin-open">
          Show the keys
        </button>
        {keys && (
          <button type="button" onClick={leave}>
            Forget the key
          </button>
        )}
      </form>
      <p className={styles.hint}>
        The key needs the scope ADMIN. It stays in this page's memory, is sent to this site only, and is gone when you leave or reload the
        page.
      </p>
      <noscript>
        <p>Keys are managed here with JavaScript; without it use the mutations of the API.</p>
      </noscript>
      {failure && (
        <p className={styles.failure} role="alert" data-testid="key-failure">
          {failure.code}: {failure.message}
        </p>
      )}
      {made && <NewKey name={made.name} secret={made.key} onDone={() => setMade(undefined)} />}
      {keys && (
        <>
          <CreateKeyForm
            isBusy={isBusy}
            onCreate={(create) => {
              void act(async () => {
                const { data, error } = await create(client, context);
                if (error || !data) throw error ?? new Error('the gateway answered without data');
                return { name: data.createApiKey.apiKey.name, key: data.createApiKey.key };
              });
            }}
          />
          <KeyTable
            keys={keys}
            isBusy={isBusy}
            onRotate={(id) => void act(() => rotate(id))}
            onRevoke={(id) => void act(() => revoke(id))}
          />
        </>
      )}
    </div>
  );
}
