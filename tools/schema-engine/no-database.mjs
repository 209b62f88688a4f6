import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/**
 * Stands for the connection when no database is configured. The wasm engine asks for the server's version even for what needs no
 * server (`migrate diff` from nothing to a schema), so that one question is answered; any other says what is missing.
 */
export function connectToNothing() {
  const refuse = async () => {
    throw new Error('this command needs a database: set DATABASE_URL');
  };
  return {
    provider: 'postgres',
    adapterName: 'no-database',
    queryRaw: async ({ sql }) => (sql.includes('server_version_num') ? VERSION_ANSWER : refuse()),
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
}

/** The schema exists, and the server is the version that the product runs on. */
const VERSION_ANSWER = {
  columnNames: ['exists', 'version', 'numeric_version'],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, 'PostgreSQL 17.10', 170_010]],
};
