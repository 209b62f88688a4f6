/** Returns the text of src/models/lstm/kernel-wasm.ts, compiled from the sources in this folder. */
export function compileKernel(): Promise<string>;
