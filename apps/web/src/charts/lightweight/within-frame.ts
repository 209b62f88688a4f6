/** A value that its owner shows with the next frame only: what reads it before that reads the old one. */
interface LateValue {
  read(): number;
  write(value: number): void;
}

/** Returns a function that changes such a value, so that two changes within one frame (`nextFrame`) add up. */
export function withinFrame(
  { read, write }: LateValue,
  nextFrame: (callback: () => void) => unknown,
): (change: (value: number) => number) => void {
  let wanted: number | undefined;
  return (change) => {
    if (wanted === undefined) {
      nextFrame(() => {
        wanted = undefined;
      });
    }
    wanted = change(wanted ?? read());
    write(wanted);
  };
}
