#!/bin/sh
# Run once, when the database server is made: the apps' roles with their passwords. The migrations give them their rights.
set -eu

make_role() {
  psql -v ON_ERROR_STOP=1 -v role="$1" -v password="$2" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
SQL
}

make_role candlecast_ingest "$DB_INGEST_PASSWORD"
make_role candlecast_forecaster "$DB_FORECASTER_PASSWORD"
make_role candlecast_gateway "$DB_GATEWAY_PASSWORD"
