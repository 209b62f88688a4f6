import type { TrackRecordData } from '../graphql/documents/forecasts.ts';
import { TableBox } from '../shell/panel.tsx';
import { CARD_HORIZONS } from './card-horizons.ts';
import { toRecordText } from './record-text.ts';

/** The record of a model at each horizon: all of its forecasts, late and missing ones too. */
export function RecordTable({ record }: { readonly record: TrackRecordData }) {
  return (
    <TableBox label="Record by horizon">
      <table data-testid="record-table">
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col">n</th>
            <th scope="col">Hit rate [95 %]</th>
            <th scope="col">Skill against naive [95 %]</th>
            <th scope="col">Error ÷ naive error</th>
            <th scope="col">In the 50 % band</th>
            <th scope="col">In the 90 % band</th>
            <th scope="col">Late</th>
            <th scope="col">Missing</th>
            <th scope="col">Void</th>
            <th scope="col">Waiting</th>
          </tr>
        </thead>
        <tbody>
          {CARD_HORIZONS.map((horizon) => {
            const row = record.horizons.find((found) => found.horizon === horizon);
            const text = toRecordText(row);
            return (
              <tr key={horizon} title={row?.skill?.statement}>
                <th scope="row">{horizon}</th>
                <td>{text.n}</td>
                <td>{text.hitRate}</td>
                <td>{text.skill}</td>
                <td>{text.againstNaive}</td>
                <td>{text.coverage50}</td>
                <td>{text.coverage90}</td>
                <td>{row?.late ?? 0}</td>
                <td>{row?.missing ?? 0}</td>
                <td>{row?.void ?? 0}</td>
                <td>{row?.waiting ?? 0}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}
