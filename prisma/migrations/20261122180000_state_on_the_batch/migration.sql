-- Messages inherit their batch's state unless they have one of their own: a million messages that all go the
-- same way cost a million inserts and a few thousand updates. And they lie in partitions by month, so that
-- retention drops a table instead of deleting rows.

-- Partitions live apart from the tables people read.
CREATE SCHEMA months;

ALTER TABLE batch
  ADD COLUMN message_state TEXT NOT NULL DEFAULT 'PLANNED',
  ADD COLUMN message_reason TEXT,
  ADD COLUMN permit_token UUID,
  ADD COLUMN permit_at TIMESTAMPTZ(3),
  ADD COLUMN settle_by TIMESTAMPTZ(3),
  ADD COLUMN attempts SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN message_retry_at TIMESTAMPTZ(3),
  ADD COLUMN outcome_at TIMESTAMPTZ(3),
  ADD COLUMN outcome_code TEXT,
  ADD COLUMN provider_id TEXT,
  ADD CONSTRAINT batch_message_state CHECK (message_state IN ('PLANNED', 'HANDED_OVER', 'ACCEPTED',
    'NO_TERMINAL_EVENT', 'REJECTED', 'RETRY_WAIT', 'UNKNOWN', 'NO_EVIDENCE', 'WITHHELD', 'CANCELLED')),
  ADD CONSTRAINT batch_message_reason CHECK ((message_state = 'WITHHELD') = (message_reason IS NOT NULL));

-- Whether a run has anything left to do is asked after every batch.
CREATE INDEX batch_open ON batch (dispatch_id) WHERE state <> 'DONE';

ALTER TABLE message RENAME TO message_before;
ALTER TABLE message_before RENAME CONSTRAINT message_pkey TO message_before_pkey;
ALTER INDEX message_batch_id_idx RENAME TO message_before_batch_id_idx;

CREATE TABLE message (
    "id" UUID NOT NULL,
    "dispatch_id" UUID NOT NULL,
    "batch_id" UUID,
    "contact_id" UUID,
    "address_id" UUID,
    "address_key" BYTEA NOT NULL,
    "state" TEXT,
    "reason" TEXT,
    "reason_seq" BIGINT,
    "epoch" INTEGER,
    "decided_at" TIMESTAMPTZ(3),
    "token" UUID,
    "permit_at" TIMESTAMPTZ(3),
    "settle_by" TIMESTAMPTZ(3),
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "outcome_at" TIMESTAMPTZ(3),
    "outcome_code" TEXT,
    "provider_id" TEXT,
    "event_rank" SMALLINT NOT NULL DEFAULT 0,
    "copy" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT message_pkey PRIMARY KEY (id),
    CONSTRAINT message_state CHECK (state IN ('PLANNED', 'HANDED_OVER', 'ACCEPTED', 'DELIVERED', 'BOUNCED',
      'DROPPED', 'EXPIRED', 'NO_TERMINAL_EVENT', 'REJECTED', 'RETRY_WAIT', 'UNKNOWN', 'NO_EVIDENCE', 'WITHHELD',
      'CANCELLED')),
    CONSTRAINT message_inherits CHECK (state IS NOT NULL OR batch_id IS NOT NULL),
    CONSTRAINT message_reason CHECK ((COALESCE(state, '') = 'WITHHELD') = (reason IS NOT NULL))
) PARTITION BY RANGE (id);

CREATE INDEX message_batch_id_idx ON message (batch_id);
CREATE INDEX message_dispatch_id_idx ON message (dispatch_id);

-- The smallest UUID version 7 of a month (UTC): messages carry the time of their run in their first 48 bits.
CREATE FUNCTION months.first_id(month date) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM month::timestamp AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0')
    || repeat('0', 20))::uuid
$$;

-- One month of messages. All messages of a run carry the run's time, so one partition holds them all, and
-- uniqueness within a run can be an index of the partition. Rows are written twice in a life (the second time
-- by the provider's event): the room left on each page keeps that second write out of the indexes.
CREATE FUNCTION months.make_message(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := 'message_' || to_char(month, 'YYYY_MM');
BEGIN
  IF to_regclass('months.' || name) IS NOT NULL THEN RETURN; END IF;
  -- Made aside and attached, because that does not wait for those who read and write the other months.
  EXECUTE format('CREATE TABLE months.%I (LIKE message INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)
    WITH (fillfactor = 70)', name);
  EXECUTE format('ALTER TABLE message ATTACH PARTITION months.%I FOR VALUES FROM (%L) TO (%L)',
    name, months.first_id(month), months.first_id((month + interval '1 month')::date));
  EXECUTE format('CREATE UNIQUE INDEX %I ON months.%I (address_key, dispatch_id, copy)', name || '_address', name);
  EXECUTE format('CREATE UNIQUE INDEX %I ON months.%I (contact_id, dispatch_id)', name || '_contact', name);
END $$;

-- This month and the next ones; safe to call again and from anywhere.
CREATE FUNCTION make_months(ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month date;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('make_months'));
  FOR month IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
    date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead), interval '1 month')::date
  LOOP
    PERFORM months.make_message(month);
  END LOOP;
END $$;

SELECT make_months(3);
SELECT months.make_message(month) FROM (
  SELECT DISTINCT date_trunc('month', to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
    AT TIME ZONE 'UTC')::date AS month FROM message_before) months;
INSERT INTO message SELECT id, dispatch_id, batch_id, contact_id, address_id, address_key, state, reason, reason_seq,
  epoch, decided_at, token, permit_at, settle_by, attempts, retry_at, outcome_at, outcome_code, provider_id,
  event_rank, copy FROM message_before;
DROP TABLE message_before;

-- What a message is now: its own state when it has one, else its batch's. All reads of states go through this.
CREATE VIEW message_status AS
SELECT m.id, m.dispatch_id, m.batch_id, m.contact_id, m.address_id, m.address_key, m.copy, m.epoch, m.reason_seq,
  m.event_rank,
  COALESCE(m.state, b.message_state) AS state,
  CASE WHEN m.state IS NULL THEN b.message_reason ELSE m.reason END AS reason,
  CASE WHEN m.state IS NULL THEN COALESCE(b.permit_at, b.outcome_at, m.decided_at) ELSE m.decided_at END AS decided_at,
  CASE WHEN m.state IS NULL THEN b.permit_token ELSE m.token END AS token,
  CASE WHEN m.state IS NULL THEN b.permit_at ELSE m.permit_at END AS permit_at,
  CASE WHEN m.state IS NULL THEN b.settle_by ELSE m.settle_by END AS settle_by,
  CASE WHEN m.state IS NULL THEN b.attempts ELSE m.attempts END AS attempts,
  CASE WHEN m.state IS NULL THEN b.message_retry_at ELSE m.retry_at END AS retry_at,
  CASE WHEN m.state IS NULL THEN b.outcome_at ELSE m.outcome_at END AS outcome_at,
  CASE WHEN m.state IS NULL THEN b.outcome_code ELSE m.outcome_code END AS outcome_code,
  CASE WHEN m.state IS NULL THEN b.provider_id ELSE m.provider_id END AS provider_id
FROM message m LEFT JOIN batch b ON b.id = m.batch_id;

-- Found by its hash alone; a message's hash can be computed from its id.
DROP INDEX link_token_message_id_idx;
