-- ledger_entry is append-only. The sealer gives each entry its place in the chain once; nothing else ever changes.
CREATE FUNCTION ledger_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.position IS NULL AND OLD.prev_hash IS NULL AND OLD.hash IS NULL
      AND NEW.position IS NOT NULL AND NEW.prev_hash IS NOT NULL AND NEW.hash IS NOT NULL
      AND to_jsonb(NEW) - ARRAY['position', 'prev_hash', 'hash']
        = to_jsonb(OLD) - ARRAY['position', 'prev_hash', 'hash']
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'ledger_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_entry_append_only
  BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_append_only();

CREATE TRIGGER ledger_entry_no_truncate
  BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_append_only();

-- A gate row is never removed: without it a standing no would look like an address nobody knows.
CREATE FUNCTION gate_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'gate rows are never deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER gate_is_kept
  BEFORE DELETE ON gate
  FOR EACH ROW EXECUTE FUNCTION gate_is_kept();

CREATE TRIGGER gate_no_truncate
  BEFORE TRUNCATE ON gate
  FOR EACH STATEMENT EXECUTE FUNCTION gate_is_kept();

-- A link never expires (a click three years later counts), so its row stays; only what names a person is emptied.
CREATE FUNCTION link_token_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'link tokens are never deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER link_token_is_kept
  BEFORE DELETE ON link_token
  FOR EACH ROW EXECUTE FUNCTION link_token_is_kept();

ALTER TABLE ledger_entry
  ADD CONSTRAINT ledger_entry_kind CHECK (kind IN ('grant', 'grant_pending', 'withdraw', 'opt_out', 'pause',
    'undeliverable', 'deliverable', 'restrict', 'unrestrict', 'erase')),
  ADD CONSTRAINT ledger_entry_scope CHECK (scope IN ('all', 'channel', 'topic')
    AND (scope <> 'topic' OR topic_id IS NOT NULL) AND (scope <> 'channel' OR channel IS NOT NULL)),
  ADD CONSTRAINT ledger_entry_channel CHECK (channel IN ('email', 'sms')),
  ADD CONSTRAINT ledger_entry_about CHECK (address_key IS NOT NULL OR contact_id IS NOT NULL),
  ADD CONSTRAINT ledger_entry_key CHECK (octet_length(address_key) = 32 AND (address_key IS NULL) = (key_version IS NULL)),
  ADD CONSTRAINT ledger_entry_ground CHECK (ground IN ('CONSENT', 'SOFT_OPT_IN', 'LEGAL_PERSON')
    AND (kind <> 'grant' OR ground IS NOT NULL));

-- What the sealer takes next, and the caller's own reference of an opt-out that came by the API.
CREATE INDEX ledger_entry_unsealed ON ledger_entry (seq) WHERE position IS NULL;
CREATE INDEX ledger_entry_reference ON ledger_entry ((evidence ->> 'reference')) WHERE evidence ? 'reference';
