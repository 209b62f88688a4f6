/** Runs pieces of work one after another with a frame between them, so that together they never hold the page. */
export type TakeTurn = (work: () => void) => void;

/** Makes a queue over `nextFrame` (`requestAnimationFrame` in a browser). It holds one entry for each chart that is being made. */
export function createTurns(nextFrame: (callback: () => void) => unknown): TakeTurn {
  let last = Promise.resolve();
  return (work) => {
    last = last
      .then(work)
      .catch(console.error)
      .then(() => new Promise((resolve) => void nextFrame(resolve)));
  };
}
