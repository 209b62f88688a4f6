import { buildSchema } from 'graphql';
import { readText } from '../workspaces.ts';
import { type CoverageResult, cover } from './cover.ts';
import { listSchemaElements } from './list-schema-elements.ts';
import { COVERAGE } from './manifest/coverage.ts';
import { PENDING } from './manifest/pending.ts';
import { readContract } from './read-contract.ts';
import { readTestFile } from './read-test-file.ts';

/** Compares the contract and the schema of this repository with its tests. */
export function compareWithTests(): CoverageResult {
  return cover({
    contract: readContract(readText('docs/api/contract.md')),
    schemaElements: listSchemaElements(buildSchema(readText('apps/gateway/schema.graphql'))),
    coverage: COVERAGE,
    pending: PENDING,
    readTest: readTestFile,
  });
}
