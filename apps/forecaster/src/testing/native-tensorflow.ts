import util from 'node:util';

/** Not known to the compiler: the package is optional, and nothing is to need it. */
const PACKAGE = '@tensorflow/tfjs-node';

/** Loads TensorFlow.js's native backend, `tensorflow`, where it is installed and runs; else returns why not. */
export async function loadNativeTensorflow(): Promise<string | undefined> {
  // It calls what Node 23 has removed; mended upstream, but never released (https://github.com/tensorflow/tfjs/issues/8609).
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  try {
    await import(PACKAGE);
    return undefined;
  } catch (cause) {
    const isMissing = (cause as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND' || String(cause).includes(`'${PACKAGE}'`);
    return isMissing ? 'not installed' : `does not load: ${String(cause).split('\n')[0]}`;
  }
}
