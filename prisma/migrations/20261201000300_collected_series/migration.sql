-- Series from outside are collected at every quarter of an hour, each as a job of ingest: docs/adr/0030-external-series.md. The same on every tier.

ALTER TYPE job_cadence ADD VALUE 'QUARTER_HOURLY' BEFORE 'DAILY';

INSERT INTO app_right (role, relation, rights) VALUES ('candlecast_ingest', 'job', 'SELECT, INSERT, UPDATE');
SELECT apply_rights();
