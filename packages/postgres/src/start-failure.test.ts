import { describe, expect, it } from 'vitest';
import { toStartFailure } from './start-failure.ts';

const where = { dataDir: '/data/postgres', port: 4032 };

// Lines that PostgreSQL 17.10 wrote when these things were done to its data folder.
const CASES: [what: string, code: string, output: string][] = [
  ['an emptied control file', 'data_folder_damaged', 'PANIC:  could not read file "global/pg_control": read 0 of 296'],
  [
    'a control file of noise',
    'data_folder_damaged',
    'FATAL:  database files are incompatible with server\nHINT:  It looks like you need to initdb.',
  ],
  ['no control file', 'data_folder_damaged', 'postgres: could not find the database system\nExpected to find it in the directory "/data"'],
  ['no configuration', 'data_folder_damaged', 'postgres: could not access the server configuration file "/data/postgresql.conf"'],
  ['no pg_hba.conf', 'data_folder_damaged', 'LOG:  could not open file "/data/pg_hba.conf"\nFATAL:  could not load /data/pg_hba.conf'],
  [
    'an emptied pg_wal',
    'data_folder_damaged',
    'LOG:  invalid checkpoint record\nPANIC:  could not locate a valid checkpoint record at 0/18F6D68',
  ],
  [
    'a port in use',
    'port_in_use',
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
  ],
  ['memory still in use', 'data_folder_in_use', 'FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use'],
  ['another owner', 'data_folder_foreign', 'FATAL:  data directory "/data/postgres" has wrong ownership'],
  ['no memory', 'database_start_failed', 'FATAL:  could not map anonymous shared memory: Cannot allocate memory'],
  [
    'a library of another PostgreSQL',
    'database_start_failed',
    'FATAL:  could not load library "/lib/timescaledb.so": undefined symbol: heap_datum_check',
  ],
  ['silence', 'database_start_failed', ''],
];

describe('toStartFailure', () => {
  it.each(CASES)('reads %s as %s', (_, code, output) => {
    expect(toStartFailure(output, where).code).toBe(code);
  });

  it('names the folder and the reason in one line', () => {
    const { message } = toStartFailure(
      '2026-11-21 05:50:24.001 UTC [12999] PANIC:  could not locate a valid checkpoint record at 0/18F6D68\n',
      where,
    );
    expect(message).toContain('/data/postgres is damaged (could not locate a valid checkpoint record at 0/18F6D68)');
    expect(message).not.toContain('\n');
  });
});
