#!/usr/bin/env node
// Stand-in for Prisma's native schema-engine binary, so that nothing but npm packages is needed: it speaks the protocol that the
// Prisma CLI speaks with that binary, and answers from @prisma/schema-engine-wasm through @prisma/adapter-pg. PostgreSQL only.
// The protocol is private to Prisma: all its packages are pinned to one version, and schema-engine.test.ts runs the real CLI.
import { runCliCommand } from './schema-engine/cli-commands.mjs';
import { createEngine } from './schema-engine/engine.mjs';
import { serveJsonRpc } from './schema-engine/json-rpc.mjs';
import { readArguments } from './schema-engine/read-arguments.mjs';

const { isVersion, command, ...options } = readArguments(process.argv.slice(2), process.env);
if (isVersion) {
  console.log('schema-engine-cli wasm');
} else if (command !== undefined) {
  process.exitCode = await runCliCommand(command, options.url);
} else {
  serveJsonRpc((print) => createEngine({ ...options, print }));
}
