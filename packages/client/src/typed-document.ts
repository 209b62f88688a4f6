import type { DocumentNode } from 'graphql';
import { print } from 'graphql';

/** A document that knows the types of its result and variables: gql.tada's, urql's and the codegen's all fit. */
export interface TypedDocument<Result, Variables> extends DocumentNode {
  readonly __apiType?: (variables: Variables) => Result;
}

/** Returns the text of a document and the name of its operation, when it has one. */
export function toRequestText(document: DocumentNode): { readonly query: string; readonly operationName: string | undefined } {
  const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
  const name = operation?.kind === 'OperationDefinition' ? operation.name?.value : undefined;
  return { query: print(document), operationName: name };
}
