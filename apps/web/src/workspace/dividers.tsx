import { Divider } from './divider.tsx';
import { useServices } from './services.ts';

interface Props {
  /** Sizes of the tracks, in percent. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  /** Where the lines between rows begin, in percent. */
  readonly offset: number;
}

/** The lines between charts: they move, so they come when the page is alive. */
export function Dividers({ columns, rows, offset }: Props) {
  const { workspace } = useServices();
  return (
    <>
      {columns.slice(1).map((_, index) => (
        <Divider
          // biome-ignore lint/suspicious/noArrayIndexKey: a divider is its place in the grid
          key={index}
          axis="columns"
          index={index}
          sizes={columns}
          offset={0}
          onSizes={(sizes) => workspace.setState({ columns: sizes })}
        />
      ))}
      {rows.slice(1).map((_, index) => (
        <Divider
          // biome-ignore lint/suspicious/noArrayIndexKey: a divider is its place in the grid
          key={index}
          axis="rows"
          index={index}
          sizes={rows}
          offset={offset}
          onSizes={(sizes) => workspace.setState({ rows: sizes })}
        />
      ))}
    </>
  );
}
