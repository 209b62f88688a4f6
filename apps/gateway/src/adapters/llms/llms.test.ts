import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUIDE } from '../../../generated/guide.ts';
import { schema } from '../../schema/schema.ts';
import { loadGraphiql } from '../../server/graphiql.ts';
import { GUIDE as FOLDER, readGuideExamples } from '../../testing/guide-examples.ts';
import { startTestMarket, type TestMarket } from '../../testing/test-market.ts';
import { toGuideTexts } from './to-guide-texts.ts';

let market: TestMarket;
let origin: string;

beforeAll(async () => {
  market = await startTestMarket();
  origin = new URL((await market.startGateway()).httpUrl).origin;
});
afterAll(() => market?.stop());

describe('/llms.txt', () => {
  it('says what this is and where to read on, in the form of llmstxt.org', async () => {
    const response = await fetch(`${origin}/llms.txt`);
    const [title, empty, summary] = (await response.text()).split('\n');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect([title, empty]).toEqual(['# Candlecast API', '']);
    expect(summary).toMatch(/^> Candlecast serves /);
  });

  it('links to addresses that the gateway answers', async () => {
    const links = [...new Set([...GUIDE.llms.matchAll(/\]\((\/[^)]+)\)/g)].map(([, link]) => link))];
    const statuses = await Promise.all(links.map(async (link) => [link, (await fetch(`${origin}${link}`)).status]));
    expect(statuses.filter(([, status]) => status === 404)).toEqual([]);
    expect(links.length).toBeGreaterThan(3);
  });
});

describe('/llms-full.txt', () => {
  it('holds every page of the guide', async () => {
    const text = await (await fetch(`${origin}/llms-full.txt`)).text();
    for (const title of ['Quick start', 'Cookbook', 'Cursors and resume', 'Webhooks', 'Limits', 'Errors', 'Change policy'])
      expect(text).toContain(`## ${title}\n`);
    expect(text).not.toMatch(/run=|\]\((?!http)/);
  });

  it('leaves out tables and lists of pages only', () => {
    const left = readdirSync(FOLDER).filter((file) => {
      const title = /^# (.+)$/m.exec(readFileSync(join(FOLDER, file), 'utf8'))?.[1];
      return !GUIDE.llmsFull.includes(`\n## ${title}\n`);
    });
    expect(left.filter((file) => !['README.md', 'contract.md', 'coverage.md', 'costs.md'].includes(file))).toEqual([]);
  });
});

describe('GraphiQL', () => {
  it('opens with the documents of the guide, and every tab fits the schema', async () => {
    const tabs = ((await loadGraphiql()).options.defaultTabs ?? []).map(({ query }) => query ?? '');
    const documents = readGuideExamples().examples.filter(
      ({ language, expects, scope }) => language === 'graphql' && expects === undefined && scope === undefined,
    );
    expect(tabs).toHaveLength(1 + documents.length);
    expect(tabs.flatMap((tab) => validate(schema, parse(tab)).map(({ message }) => message))).toEqual([]);
  });
});

describe('toGuideTexts', () => {
  it('keeps documents that are meant to work, under their heading', () => {
    const text = '# A\n\nFirst, see [b](b.md).\n\n## B\n\n```graphql run=x\n{ a }\n```\n```graphql run=y expect="E"\n{ b }\n```\n';
    const { documents, llms, llmsFull } = toGuideTexts([{ file: 'a.md', text }]);
    expect(documents).toEqual(['# B\n{ a }\n']);
    expect(llms).toContain('- [A](/llms-full.txt): First, see b.');
    expect(llmsFull).toContain('## A\n\nFirst, see b.\n\n### B\n\n```graphql\n{ a }\n```');
  });
});
