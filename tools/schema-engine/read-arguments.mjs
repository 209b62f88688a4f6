/** Reads the command line that the Prisma CLI gives to its schema engine. */
export function readArguments(args, environment) {
  const valuesOf = (name) => args.flatMap((arg, index) => (arg === name ? [args[index + 1]] : []));
  const datasource = JSON.parse(valuesOf('--datasource')[0] ?? '{}');
  return {
    isVersion: args.includes('--version'),
    /** One of `can-connect-to-database`, `create-database`, `drop-database`; undefined when requests come over standard input. */
    command: valuesOf('cli')[0],
    url: datasource.url ?? environment.DATABASE_URL,
    shadowUrl: datasource.shadowDatabaseUrl,
    isVerbose: environment.DEBUG?.includes('prisma') ?? false,
    /** Paths of schema files. */
    datamodels: valuesOf('--datamodels'),
  };
}
