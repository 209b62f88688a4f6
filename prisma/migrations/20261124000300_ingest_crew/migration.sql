-- Which instruments are wanted, and which ingest process keeps each of them. Leases run on wall time, as this database tells it.
-- Rights: ingest reads and writes all of this; the gateway reads all of it and inserts rows of tracking_request; the forecaster needs none.

CREATE TYPE tracking_action AS ENUM ('TRACK', 'UNTRACK');

-- A wish of somebody outside. The newest answered one without an error counts for its symbol, before the configuration.
CREATE TABLE tracking_request (
  id           serial PRIMARY KEY,
  venue        text NOT NULL,
  symbol       text NOT NULL,
  action       tracking_action NOT NULL,
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  requested_by text,
  answered_at  timestamptz,
  error_code   text,
  error        text
);
CREATE INDEX tracking_request_venue_symbol_id_idx ON tracking_request (venue, symbol, id);
CREATE INDEX tracking_request_answered_at_idx ON tracking_request (answered_at);

-- Ingest listens; a wake-up may be lost, so it also looks by itself.
CREATE FUNCTION tracking_request_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('candlecast_tracking', NEW.venue);
  RETURN NEW;
END $$;
CREATE TRIGGER tracking_request_notify AFTER INSERT ON tracking_request FOR EACH ROW EXECUTE FUNCTION tracking_request_notify();

-- The ingest processes of each venue. An id is never used again. While it lives a process holds the advisory lock (4277009, id).
CREATE TABLE ingest_member (
  id            serial PRIMARY KEY,
  venue         text NOT NULL,
  name          text NOT NULL,
  address       text NOT NULL,
  joined_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  renewed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at    timestamptz NOT NULL,
  blocked_until timestamptz,
  feed_state    text,
  feed_detail   text
);
CREATE INDEX ingest_member_venue_idx ON ingest_member (venue);

-- A process that was killed loses its connection at once and is given two seconds to connect again; one that stands still keeps its
-- connection and is alive until its time is over.
CREATE FUNCTION ingest_is_alive(m ingest_member) RETURNS boolean LANGUAGE sql VOLATILE AS $$
  SELECT m.expires_at > clock_timestamp() AND (
    m.renewed_at > clock_timestamp() - interval '2 seconds'
    OR EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
               WHERE l.locktype = 'advisory' AND l.classid = 4277009 AND l.objid = m.id::oid AND l.granted))
$$;

-- Who does what a venue needs once: clock, feed status, listings, requests.
CREATE TABLE ingest_duty (
  venue     text PRIMARY KEY,
  member_id integer NOT NULL
);

-- One number sequence for tokens and changes: a lease that was taken later has the larger token.
CREATE SEQUENCE ingest_lease_seq AS bigint;

-- One row for each wanted instrument. `token` names one stretch of one process's keeping; candle writers show it with every commit.
CREATE TABLE ingest_lease (
  instrument_id   integer PRIMARY KEY,
  venue           text NOT NULL,
  member_id       integer,
  token           bigint,
  changed         bigint NOT NULL,
  exchange_status text,
  unlisted_from   timestamptz,
  unlisted_to     timestamptz,
  CONSTRAINT ingest_lease_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX ingest_lease_venue_idx ON ingest_lease (venue);
