import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { AdapterFactory, createDatabase } from './adapter.mjs';

/** Requests that the wasm engine answers as they are. */
const PASSED_ON = new Set([
  'applyMigrations',
  'createMigration',
  'devDiagnostic',
  'diagnoseMigrationHistory',
  'ensureConnectionValidity',
  'evaluateDataLoss',
  'introspect',
  'introspectSql',
  'markMigrationApplied',
  'markMigrationRolledBack',
  'schemaPush',
]);
const METHOD_NOT_FOUND = -32_601;

/** Returns a function that answers the CLI's requests. `print` shows text to the user, and is awaited. */
export function createEngine({ url, shadowUrl, datamodels, isVerbose, print }) {
  let engine;
  const open = () => {
    engine ??= startEngine({ url, shadowUrl, datamodels, isVerbose });
    return engine;
  };
  return async (method, params) => {
    if (method === 'createDatabase') return { databaseName: await createDatabase(url) };
    if (method === 'getDatabaseVersion') return (await open()).version(params);
    if (method === 'diff') return answerDiff(await (await open()).diff(params), print);
    if (method === 'dbExecute' || method === 'reset') {
      await (await open())[method](params);
      return {};
    }
    if (PASSED_ON.has(method)) return (await (await open())[method](params)) ?? {};
    throw Object.assign(new Error(`the wasm schema engine does not know "${method}"`), { rpcCode: METHOD_NOT_FOUND });
  };
}

/** The native engine prints a difference itself; the wasm one hands it back. */
async function answerDiff({ stdout, exitCode }, print) {
  if (stdout !== null && stdout !== undefined) await print(stdout);
  return { exitCode, stdout: null };
}

async function startEngine({ url, shadowUrl, datamodels, isVerbose }) {
  const { SchemaEngine } = await loadWasm();
  const schemas = datamodels.map((path) => [path, readFileSync(path, 'utf8')]);
  const onLog = (line) => isVerbose && console.error(line);
  const factory = bindMigrationAwareSqlAdapterFactory(new AdapterFactory(url, shadowUrl));
  return SchemaEngine.new({ datamodels: schemas.length > 0 ? schemas : undefined }, onLog, factory);
}

/** The package's own entry imports its .wasm file as a module, which Node does not do without a flag: bound here by hand. */
async function loadWasm() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const path = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(path), { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  // Where the engine reports that it broke.
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };
  instance.exports.__wbindgen_start();
  return bindings;
}
