-- The sealer's one change of a ledger entry, told apart without a function call per row: the condition is
-- evaluated inside the executor (2 µs), where the PL/pgSQL comparison of two to_jsonb() took 40 µs. Every column
-- but position, prev_hash and hash stands in it; test/integration/registry checks that none is forgotten.
DROP TRIGGER ledger_entry_append_only ON ledger_entry;

CREATE OR REPLACE FUNCTION ledger_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_entry_append_only
  BEFORE DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_append_only();

CREATE TRIGGER ledger_entry_sealed_once
  BEFORE UPDATE ON ledger_entry
  FOR EACH ROW WHEN (NOT (
    OLD.position IS NULL AND OLD.prev_hash IS NULL AND OLD.hash IS NULL
    AND NEW.position IS NOT NULL AND NEW.prev_hash IS NOT NULL AND NEW.hash IS NOT NULL
    AND (OLD.seq, OLD.id, OLD.at, OLD.kind, OLD.channel, OLD.address_key, OLD.key_version, OLD.contact_id, OLD.scope,
         OLD.topic_id, OLD.ground, OLD.door, OLD.detail, OLD.method, OLD.actor_type, OLD.actor_id, OLD.message_id,
         OLD.campaign_id, OLD.wording_version, OLD.policy_version, OLD.evidence)
      IS NOT DISTINCT FROM
        (NEW.seq, NEW.id, NEW.at, NEW.kind, NEW.channel, NEW.address_key, NEW.key_version, NEW.contact_id, NEW.scope,
         NEW.topic_id, NEW.ground, NEW.door, NEW.detail, NEW.method, NEW.actor_type, NEW.actor_id, NEW.message_id,
         NEW.campaign_id, NEW.wording_version, NEW.policy_version, NEW.evidence)))
  EXECUTE FUNCTION ledger_entry_append_only();

-- Nobody looks an address up by its text (only by its key), or people by last name in its own order: the search goes
-- by lower(…). One index entry fewer for each row of an import.
DROP INDEX address_channel_canonical_idx;
DROP INDEX contact_last_name_first_name_idx;

-- Only the faulty rows are ever looked for by verdict.
DROP INDEX import_row_import_id_verdict_line_idx;
CREATE INDEX import_row_faulty ON import_row (import_id, line) WHERE verdict = 'faulty';
