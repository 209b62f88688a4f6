import pg from 'pg';

/** Opens one connection for long work: in UTC, and with nothing that cuts a slow statement. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tier move',
    keepAlive: true,
    options: '-c TimeZone=UTC -c jit=off -c statement_timeout=0 -c idle_in_transaction_session_timeout=0',
  });
  // A server that ends makes the statement under way fail, which is where it is told.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Runs a statement whose rows are known. */
export async function query<Row>(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await client.query(text, [...values])).rows as Row[];
}
