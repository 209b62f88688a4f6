'use client';

import { HORIZONS } from '@candlecast/domain';
import { useQuery } from 'urql';
import { type ModelFields, ModelRecordDocument } from '../graphql/documents/models.ts';
import { TableBox } from '../shell/panel.tsx';
import { RECORD } from './asked.ts';
import { skillText } from './record-text.ts';

/** The skill of models beside one another, horizon by horizon. */
export function BaselineTable({ models }: { readonly models: readonly ModelFields[] }) {
  return (
    <TableBox label="Beside the baselines">
      <table data-testid="baselines">
        <thead>
          <tr>
            <th scope="col">Model</th>
            {HORIZONS.map((horizon) => (
              <th key={horizon} scope="col">
                {horizon}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <SkillRow key={model.id} model={model} />
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function SkillRow({ model }: { readonly model: ModelFields }) {
  const [{ data }] = useQuery({ query: ModelRecordDocument, variables: { modelId: model.id, ...RECORD } });
  const records = data?.trackRecord.horizons ?? [];
  return (
    <tr>
      <th scope="row">{model.name}</th>
      {HORIZONS.map((horizon) => {
        const record = records.find((one) => one.horizon === horizon);
        return <td key={horizon}>{record ? skillText(record).figure : '–'}</td>;
      })}
    </tr>
  );
}
