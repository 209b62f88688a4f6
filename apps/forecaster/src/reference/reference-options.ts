/** What a published protocol is run with. */
export interface ReferenceOptions {
  /** Folder of candle files. */
  readonly dir: string;
  readonly epochs: number;
  readonly seed: number;
  /** Called after each epoch of a published recipe. */
  readonly say: (epoch: number, mse: number) => void;
}
