import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { runProgram } from './run-program.ts';

/** What of the machine decides whether Debian's packages fit it. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The text of `/etc/os-release`. */
  readonly osRelease: string;
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Describes this machine. */
export function describeMachine(): Machine {
  const file = '/etc/os-release';
  return { platform: process.platform, arch: process.arch, osRelease: existsSync(file) ? readFileSync(file, 'utf8') : '' };
}

/** Throws `timescale_unavailable`, with what stands in the way, unless `machine` is Debian on amd64. */
export function requireDebian({ platform, arch, osRelease }: Machine): void {
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(osRelease)?.[1] ?? platform;
  if (platform === 'linux' && arch === 'x64' && /^ID="?debian"?$/m.test(osRelease)) return;
  throw unavailable(`Debian's TimescaleDB runs on Debian amd64 only, and this is ${name} on ${arch}`);
}

/** The error of a machine that cannot have the embedded TimescaleDB, with what to do about it. */
export function unavailable(reason: string, cause?: unknown): AppError {
  return new AppError('timescale_unavailable', `${reason}: start without --timescale, or set DATABASE_URL to a TimescaleDB of your own`, {
    cause,
  });
}

/**
 * Fetches packages of a Debian suite from the mirror that this machine's apt uses, and unpacks them into `folder`. The system's own
 * packages and lists stay as they are; no rights are needed. Throws `timescale_unavailable` without apt, mirror, keyring or network.
 */
export async function unpackDebianPackages(names: readonly string[], suite: string, folder: string): Promise<void> {
  const workshop = `${folder}.apt`;
  rmSync(workshop, { recursive: true, force: true });
  try {
    const config = await writePrivateConfig(workshop, suite);
    const apt = (...args: string[]) => runProgram('apt-get', ['-c', config, '-qq', ...args], join(workshop, 'packages'));
    await apt('-o', 'APT::Update::Error-Mode=any', 'update');
    await apt('download', ...names);
    for (const file of readdirSync(join(workshop, 'packages'))) {
      await runProgram('dpkg-deb', ['-x', join(workshop, 'packages', file), folder]);
    }
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'program_failed') throw cause;
    throw unavailable(`${names.join(' and ')} of Debian ${suite} could not be fetched (${cause.message})`, cause);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** Read after the system's configuration, whose proxies and retries hold, and in place of its sources, lists and caches. */
async function writePrivateConfig(workshop: string, suite: string): Promise<string> {
  for (const part of ['lists/partial', 'cache/archives/partial', 'packages']) mkdirSync(join(workshop, part), { recursive: true });
  if (!existsSync(KEYRING)) throw unavailable(`Debian's keyring ${KEYRING} is missing`);
  const mirror = await findMirror();
  writeFileSync(join(workshop, 'status'), '');
  writeFileSync(join(workshop, 'sources.list'), `deb [signed-by=${KEYRING}] ${mirror} ${suite} main\n`);
  const config = join(workshop, 'apt.conf');
  writeFileSync(
    config,
    `Dir::Etc::sourcelist "${workshop}/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::State "${workshop}"; Dir::State::lists "${workshop}/lists"; Dir::State::status "${workshop}/status"; Dir::Cache "${workshop}/cache";
#clear APT::Update::Pre-Invoke; #clear APT::Update::Post-Invoke; #clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User ""; APT::Architecture "amd64"; APT::Architectures "amd64"; Acquire::Languages "none"; Acquire::Retries "3";
`,
  );
  return config;
}

async function findMirror(): Promise<string> {
  const targets = await runProgram('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const mirror = targets.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!mirror) throw unavailable("apt's sources name no Debian mirror");
  return mirror;
}
