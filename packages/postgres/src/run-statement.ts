import pg from 'pg';

/** Runs one statement on the database at `url`, over a connection of its own, and returns its rows. Throws what PostgreSQL answers. */
export async function runStatement<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
