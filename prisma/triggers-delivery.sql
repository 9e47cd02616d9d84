-- A UUID version 7 made by the database, for rows that are written set by set (RFC 9562).
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid())
      PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

ALTER TABLE message ADD CONSTRAINT message_state CHECK (state IN ('PLANNED', 'HANDED_OVER', 'ACCEPTED',
  'DELIVERED', 'BOUNCED', 'DROPPED', 'EXPIRED', 'NO_TERMINAL_EVENT', 'REJECTED', 'RETRY_WAIT', 'UNKNOWN',
  'NO_EVIDENCE', 'WITHHELD', 'CANCELLED')),
  ADD CONSTRAINT message_reason CHECK ((state = 'WITHHELD') = (reason IS NOT NULL));
ALTER TABLE batch ADD CONSTRAINT batch_state CHECK (state IN ('PLANNED', 'CLAIMED', 'DONE'));
ALTER TABLE dispatch ADD CONSTRAINT dispatch_state CHECK (state IN ('running', 'paused', 'cancelled', 'expired', 'finished'));

-- Frozen means frozen: what was sent can be shown for as long as it is kept.
CREATE FUNCTION content_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'content versions are never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER content_version_is_frozen
  BEFORE UPDATE ON content_version
  FOR EACH ROW EXECUTE FUNCTION content_version_is_frozen();
