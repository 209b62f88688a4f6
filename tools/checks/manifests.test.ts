import { SETTINGS } from '@candlecast/config';
import { describe, expect, it } from 'vitest';
import { listFiles, readText } from './workspaces.ts';

interface LockEntry {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockEntry> };
const manifests = listFiles(/(^|\/)package\.json$/).map((path) => ({
  path,
  manifest: JSON.parse(readText(path)) as Record<string, Record<string, string>>,
}));

describe('package-lock.json', () => {
  it('holds the optional packages of every platform', () => {
    const names = Object.keys(lock.packages);
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((dependency) => !names.some((name) => name.endsWith(`node_modules/${dependency}`)))
        .map((dependency) => `${path} -> ${dependency}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no download address', () => {
    expect(Object.entries(lock.packages).filter(([, entry]) => entry.resolved?.startsWith('http'))).toEqual([]);
  });

  it('has one copy of graphql', () => {
    expect(Object.keys(lock.packages).filter((path) => /node_modules\/graphql$/.test(path))).toEqual(['node_modules/graphql']);
  });
});

describe('manifests', () => {
  it('pin every version', () => {
    const loose = manifests.flatMap(({ path, manifest }) =>
      ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((section) =>
        Object.entries(manifest[section] ?? {})
          .filter(([name, version]) => (name.startsWith('@candlecast/') ? version !== '*' : !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)))
          .map(([name, version]) => `${path}: ${name}@${version}`),
      ),
    );
    expect(loose).toEqual([]);
  });

  it('keep the Prisma packages at one version', () => {
    const versions = manifests.flatMap(({ manifest }) =>
      ['dependencies', 'devDependencies'].flatMap((section) =>
        Object.entries(manifest[section] ?? {})
          .filter(([name]) => ['prisma', '@prisma/client', '@prisma/adapter-pg'].includes(name))
          .map(([, version]) => version),
      ),
    );
    expect(new Set(versions).size).toBe(1);
  });
});

describe('.env.example', () => {
  it('shows every setting once with its default', () => {
    const shown = [...readText('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    const expected = Object.entries(SETTINGS).map(([name, schema]) => {
      const parsed = schema.safeParse(undefined);
      return [name, parsed.success && parsed.data !== undefined ? String(parsed.data) : ''];
    });
    expect(shown).toEqual(expected);
  });
});
