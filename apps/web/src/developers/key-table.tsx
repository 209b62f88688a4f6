'use client';

import { useState } from 'react';
import type { ApiKeyFields } from '../graphql/documents/developers.ts';
import { formatAmount } from '../market/format-decimal.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { TableBox } from '../shell/panel.tsx';
import styles from './developers.module.css';

interface Props {
  readonly keys: readonly ApiKeyFields[];
  readonly isBusy: boolean;
  readonly onRotate: (id: string) => void;
  readonly onRevoke: (id: string) => void;
}

/** Every key with what it has used. What ends a key is asked for twice. */
export function KeyTable({ keys, isBusy, onRotate, onRevoke }: Props) {
  const [sure, setSure] = useState<string>();
  return (
    <div className={styles.keys}>
      <TableBox label="API keys">
        <table data-testid="api-keys">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" data-kind="text">
                Begins with
              </th>
              <th scope="col" data-kind="text">
                Scopes
              </th>
              <th scope="col">Points used</th>
              <th scope="col">Last used</th>
              <th scope="col">Made</th>
              <th scope="col">Ends</th>
              <th scope="col" data-kind="text">
                State
              </th>
              <th scope="col">Change</th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.id} data-testid="api-key">
                <th scope="row">{key.name}</th>
                <td data-kind="text">
                  <code>{key.prefix}…</code>
                </td>
                <td data-kind="text">{key.scopes.join(', ')}</td>
                <td>{formatAmount(key.usedPoints)}</td>
                <td>{formatMoment(key.lastUsedAt)}</td>
                <td>{formatMoment(key.createdAt)}</td>
                <td>{formatMoment(key.expiresAt)}</td>
                <td data-kind="text">{stateOf(key)}</td>
                <td>
                  {key.revokedAt === null && (
                    <span className={styles.change}>
                      {key.replacedBy === null && (
                        <button type="button" disabled={isBusy} onClick={() => onRotate(key.id)}>
                          Rotate<span className="visuallyHidden"> {key.name}</span>
                        </button>
                      )}
                      <button
                        type="button"
                        disabled={isBusy}
                        onClick={() => {
                          if (sure !== key.id) return setSure(key.id);
                          setSure(undefined);
                          onRevoke(key.id);
                        }}
                      >
                        {sure === key.id ? 'Revoke for good?' : 'Revoke'}
                        <span className="visuallyHidden"> {key.name}</span>
                      </button>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  );
}

function stateOf({ revokedAt, replacedBy }: ApiKeyFields): string {
  if (revokedAt) return `revoked ${formatMoment(revokedAt)}`;
  return replacedBy ? 'replaced: works for a day' : 'works';
}
