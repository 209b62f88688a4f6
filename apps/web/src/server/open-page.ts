import type { AnyVariables, SSRData, TypedDocumentNode } from '@urql/core';
import { headers } from 'next/headers';
import { WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import type { PageQuery } from '../shell/navigation.ts';
import type { FrameProps } from '../shell/page-frame.tsx';
import type { Theme } from '../workspace/workspace-url.ts';
import { readWebSettings } from './config.ts';
import { socketUrl } from './gateway-address.ts';
import { queryGateway } from './query-gateway.ts';

/** The query of an address as Next.js hands it on. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A page while the server renders it. */
export interface OpenPage {
  readonly query: PageQuery;
  readonly theme: Theme;
  /** Returns the first value of a name in the query. */
  read(name: string): string | undefined;
  /** Asks the gateway; what it answers goes to the browser with the page. Undefined where it fails: the page then says so. */
  ask<T, V extends AnyVariables>(document: TypedDocumentNode<T, V>, variables: V): Promise<T | undefined>;
  /** Takes what was asked for otherwise. */
  add(parts: readonly Pick<Answer, 'rendered' | 'staleSeconds'>[]): void;
  /** What the frame needs, once everything is asked. */
  frame(): FrameProps;
}

interface Answer {
  readonly rendered: SSRData;
  readonly staleSeconds: number | undefined;
}

/** Begins a page under `path`, with what its header shows. Failures never throw: a page without data still stands. */
export async function openPage(path: string, searchParams: SearchParams): Promise<OpenPage> {
  const all = await searchParams;
  const read = (name: string) => [all[name]].flat()[0];
  const { theme: _, ...query } = all;
  const theme: Theme = read('theme') === 'light' ? 'light' : 'dark';
  const socket = socketUrl(readWebSettings(), await headers());
  const answers: Answer[] = [];
  let failure: Failure | undefined;
  const page: OpenPage = {
    query,
    theme,
    read,
    async ask(document, variables) {
      try {
        const answer = await queryGateway(document, variables);
        answers.push(answer);
        return answer.data;
      } catch (error) {
        failure ??= toFailure(error);
        return undefined;
      }
    },
    add: (parts) => void answers.push(...parts),
    frame() {
      const ages = answers.flatMap(({ staleSeconds }) => staleSeconds ?? []);
      return {
        ...{ path, query, theme, failure, socketUrl: socket },
        rendered: Object.assign({}, ...answers.map(({ rendered }) => rendered)),
        staleSeconds: ages.length === 0 ? undefined : Math.max(...ages),
      };
    },
  };
  await page.ask(WorkspaceDocument, {});
  return page;
}
