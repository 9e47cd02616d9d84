-- audit_entry is append-only: what was done, and who read whom, is not rewritten.
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entry_append_only
  BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();

CREATE TRIGGER audit_entry_no_truncate
  BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();

-- Search by the beginning of a name; text_pattern_ops because LIKE 'x%' cannot use a collated index.
CREATE INDEX contact_first_name_beginning ON contact (lower(first_name) text_pattern_ops);
CREATE INDEX contact_last_name_beginning ON contact (lower(last_name) text_pattern_ops);
