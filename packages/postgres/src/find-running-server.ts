import { inspectDataFolder } from './data-folder.ts';
import { placeDataFolder } from './folders.ts';
import { loadPassword, SUPERUSER } from './init-cluster.ts';
import { runStatement } from './run-statement.ts';
import { chooseRunUser } from './run-user.ts';

/** Returns the address of the embedded database of this data folder while another process of ours runs it on `port`; undefined when none does. */
export async function findRunningServer({
  dataDir,
  port,
}: {
  readonly dataDir: string;
  readonly port: number;
}): Promise<string | undefined> {
  const folder = placeDataFolder(dataDir, chooseRunUser(dataDir), () => undefined);
  if (inspectDataFolder(folder) === 'missing') return undefined;
  const url = `postgresql://${SUPERUSER}:${loadPassword(folder)}@127.0.0.1:${port}/candlecast`;
  return runStatement(url, 'select 1').then(
    () => url,
    () => undefined,
  );
}
