-- provider_event, by the month its event happened in: retention drops a table instead of deleting rows.
--
-- Not by the month it was received: a provider sends copies of an event for a day and more, so over the end of a
-- month two copies would lie in two partitions, and a unique key cannot look into both. All copies carry the same
-- time of their own, so the key (event, provider, month) stays unique for all of them. What has no believable time
-- (none, older than 14 days, more than a day ahead) lies in the month of the epoch, always the same one.
--
-- Rows are written once. What waits to be applied is said by event_slice: events stored together wait together, and
-- the slice's row goes when they have had their effect. (Marking each event cost three times what storing it does.)

ALTER TABLE provider_event RENAME TO provider_event_before;
ALTER TABLE provider_event_before RENAME CONSTRAINT provider_event_pkey TO provider_event_before_pkey;

CREATE TABLE event_slice (
    "id" UUID NOT NULL,
    "acting" BOOLEAN NOT NULL,
    "events" INTEGER NOT NULL,

    CONSTRAINT event_slice_pkey PRIMARY KEY (id)
);
CREATE INDEX event_slice_acting_id_idx ON event_slice (acting, id);
-- A line that is always short, through which everything passes.
ALTER TABLE event_slice SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE FUNCTION months.this_month() RETURNS date LANGUAGE sql STABLE AS $$
  SELECT date_trunc('month', now() AT TIME ZONE 'UTC')::date
$$;

-- The month of an event: its own, when that can be believed.
CREATE FUNCTION months.of_event(occurred timestamptz, received timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN occurred > received - interval '14 days' AND occurred < received + interval '1 day'
    THEN date_trunc('month', occurred AT TIME ZONE 'UTC')::date ELSE DATE '1970-01-01' END
$$;

CREATE TABLE provider_event (
    "provider" TEXT NOT NULL,
    "provider_event_id" TEXT NOT NULL,
    "month" DATE NOT NULL DEFAULT months.this_month(),
    "type" TEXT NOT NULL,
    "subtype" TEXT,
    "code" TEXT,
    "occurred_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" UUID,
    "address_key" BYTEA,
    "key_version" SMALLINT,
    "slice_id" UUID,

    CONSTRAINT provider_event_pkey PRIMARY KEY (provider_event_id, provider, month)
) PARTITION BY RANGE (month);

CREATE INDEX provider_event_slice_id_idx ON provider_event (slice_id);
CREATE INDEX provider_event_received_at_type_idx ON provider_event (received_at, type);
CREATE INDEX provider_event_complaint ON provider_event (received_at) WHERE type = 'spamreport';

-- One month of events. Made aside and attached, because that does not wait for readers and writers of the others.
CREATE FUNCTION months.make_provider_event(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := 'provider_event_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass('months.' || name) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE months.%I (LIKE provider_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)', name);
  EXECUTE format('ALTER TABLE provider_event ATTACH PARTITION months.%I FOR VALUES FROM (%L) TO (%L)',
    name, month, (month + interval '1 month')::date);
END $$;

CREATE OR REPLACE FUNCTION make_months(ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('make_months'));
  FOR month IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
    date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), interval '1 month')::date
  LOOP
    PERFORM months.make_message(month);
    PERFORM months.make_provider_event(month);
  END LOOP;
  -- An event of last night may arrive on the first of a month.
  PERFORM months.make_provider_event((date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month')::date);
END $$;

-- For events without a believable time.
SELECT months.make_provider_event(DATE '1970-01-01');
SELECT make_months(3);
SELECT months.make_provider_event(month)
FROM (SELECT DISTINCT months.of_event(occurred_at, received_at) AS month FROM provider_event_before) seen;

-- What still waits, waits in small slices, with those first that may hold a no.
CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
SELECT id, type IN ('spamreport', 'unsubscribe', 'group_unsubscribe', 'bounce', 'dropped') AS acting,
  (row_number() OVER (PARTITION BY type IN ('spamreport', 'unsubscribe', 'group_unsubscribe', 'bounce', 'dropped')
    ORDER BY id) - 1) / 200 AS n
FROM provider_event_before WHERE applied_at IS NULL;
CREATE TEMPORARY TABLE waiting_slice ON COMMIT DROP AS
SELECT acting, n, count(*)::int AS events, new_id() AS id FROM waiting GROUP BY acting, n;
INSERT INTO event_slice (id, acting, events) SELECT id, acting, events FROM waiting_slice;

INSERT INTO provider_event (provider, provider_event_id, month, type, subtype, code, occurred_at, received_at,
  message_id, address_key, key_version, slice_id)
SELECT e.provider, e.provider_event_id, months.of_event(e.occurred_at, e.received_at),
  e.type, e.subtype, e.code, e.occurred_at, e.received_at, e.message_id, e.address_key, e.key_version, s.id
FROM provider_event_before e LEFT JOIN waiting w ON w.id = e.id
LEFT JOIN waiting_slice s ON s.acting = w.acting AND s.n = w.n;
DROP TABLE provider_event_before;
