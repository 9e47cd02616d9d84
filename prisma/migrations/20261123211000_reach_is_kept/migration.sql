-- Unlogged: nothing in it outlives its transaction, and a crash ends that too.
CREATE UNLOGGED TABLE "reach_wanted" (
    "transaction" BIGINT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "contact_ids" UUID[],
    "address_keys" BYTEA[],

    CONSTRAINT "reach_wanted_pkey" PRIMARY KEY ("transaction","id")
);

-- Room on each page for the next version of a row.
ALTER TABLE reach SET (fillfactor = 80);
CREATE INDEX reach_email_slow_idx ON reach (contact_id) WHERE email_slow;
CREATE INDEX reach_sms_slow_idx ON reach (contact_id) WHERE sms_slow;

-- The rows of reach as they should be now. The body is REACH_NOW (src/features/delivery/reach-function.ts), word for
-- word; a test holds them equal. When the rules change: a migration with the new body, then SELECT reach_rebuild().
CREATE FUNCTION reach_now(ids uuid[]) RETURNS SETOF reach LANGUAGE sql STABLE AS $$
WITH topics AS MATERIALIZED (
  SELECT ARRAY(SELECT t.id FROM generate_series(1, (SELECT max(number) FROM topic)) AS place
               LEFT JOIN topic t ON t.number = place ORDER BY place) AS ids
)
SELECT c.id, (CASE WHEN 'company_contact' = ANY (c.kinds) THEN 1 ELSE 0 END + CASE WHEN 'learner' = ANY (c.kinds) THEN 2 ELSE 0 END + CASE WHEN 'newsletter_subscriber' = ANY (c.kinds) THEN 4 ELSE 0 END + CASE WHEN 'support_contact' = ANY (c.kinds) THEN 8 ELSE 0 END)::smallint, c.language, c.city, c.organisation_id, c.created_at,
  NOT c.minor
    AND NOT EXISTS (SELECT FROM gate g WHERE g.contact_id = c.id AND (g.no_all OR g.restricted OR g.erased))
    AND NOT EXISTS (SELECT FROM address a JOIN gate g ON g.address_key = a.address_key
                    WHERE a.contact_id = c.id AND (g.no_all OR g.restricted OR g.erased)),
  email.address_id, COALESCE(email.standing, ''), COALESCE(email.agreed, ''), COALESCE(email.slow, false),
  sms.address_id, COALESCE(sms.standing, ''), COALESCE(sms.agreed, ''), COALESCE(sms.slow, false)
FROM contact c
CROSS JOIN topics
LEFT JOIN LATERAL (
  SELECT a.id AS address_id,
    (SELECT left(letters, 1) || rtrim(substr(letters, 2), left(letters, 1))
     FROM (SELECT string_agg((CASE WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND (NOT COALESCE((g.no_by) IN ('person'), FALSE))) THEN 'a' WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND COALESCE((g.no_by) IN ('person'), FALSE)) THEN 'b' WHEN ((COALESCE(g.restricted, false)) IS TRUE) THEN 'c' WHEN ((COALESCE(g.erased, false)) IS TRUE) THEN 'd' WHEN (NOT ((g.undeliverable_at) IS NULL)) THEN 'e' WHEN (COALESCE((a.source) IN ('support'), FALSE) OR (COALESCE(('email'::text) IN ('sms'), FALSE) AND (COALESCE((c.kinds) <@ '{"newsletter_subscriber"}', FALSE) OR COALESCE((a.source) IN ('employer_import'), FALSE)))) THEN 'f' WHEN (COALESCE((a.source) IN ('employer_import', 'company_contact'), FALSE) AND ((c.notice_at) IS NULL)) THEN 'g' WHEN (COALESCE((a.source) IN ('employer_import'), FALSE) AND ((c.attested_at) IS NULL)) THEN 'h' WHEN ((c.minor) IS TRUE) THEN 'i' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.pending, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'j' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.withdrawn, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'k' WHEN ((NOT (((g.address_key IS NOT NULL)) IS TRUE)) OR (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'l' WHEN ((((g.address_key IS NOT NULL)) IS NULL) OR ((COALESCE(g.allowed, '{}')) IS NULL) OR ((COALESCE(g.pending, '{}')) IS NULL) OR ((COALESCE(g.withdrawn, '{}')) IS NULL) OR ((COALESCE(g.no_all, false)) IS NULL) OR ((COALESCE(g.no_topics, '{}')) IS NULL) OR ((COALESCE(g.restricted, false)) IS NULL) OR ((COALESCE(g.erased, false)) IS NULL) OR ((c.kinds) IS NULL) OR ((a.source) IS NULL) OR ((c.minor) IS NULL) OR ((topic.id) IS NULL) OR (('email'::text) IS NULL)) THEN 'm' ELSE '-' END), '') AS letters
           FROM unnest(CASE
             WHEN g.allowed || g.pending || g.withdrawn || g.no_topics <> '{}' THEN NULL::uuid || topics.ids
             ELSE ARRAY[NULL::uuid] END) AS topic(id)) AS said) AS standing,
    (SELECT rtrim(string_agg(CASE WHEN topic.id = ANY (ARRAY(
       SELECT l.topic_id FROM ledger_entry l
       WHERE l.address_key = a.address_key AND l.kind IN ('grant', 'grant_pending'))) THEN '1' ELSE '0' END, ''), '0')
     FROM unnest(topics.ids) AS topic(id)) AS agreed,
    g.paused_until IS NOT NULL OR COALESCE(g.fewer, false) OR EXISTS (
      SELECT FROM address other WHERE other.address_key = a.address_key AND other.contact_id <> c.id) AS slow
  FROM (SELECT * FROM address own WHERE own.contact_id = c.id AND own.channel = 'email'
        ORDER BY (own.source = 'mina_sidor') DESC, own.collected_at DESC, own.id LIMIT 1) AS a
  LEFT JOIN gate g ON g.address_key = a.address_key
) AS email ON true
LEFT JOIN LATERAL (
  SELECT a.id AS address_id,
    (SELECT left(letters, 1) || rtrim(substr(letters, 2), left(letters, 1))
     FROM (SELECT string_agg((CASE WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND (NOT COALESCE((g.no_by) IN ('person'), FALSE))) THEN 'a' WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND COALESCE((g.no_by) IN ('person'), FALSE)) THEN 'b' WHEN ((COALESCE(g.restricted, false)) IS TRUE) THEN 'c' WHEN ((COALESCE(g.erased, false)) IS TRUE) THEN 'd' WHEN (NOT ((g.undeliverable_at) IS NULL)) THEN 'e' WHEN (COALESCE((a.source) IN ('support'), FALSE) OR (COALESCE(('sms'::text) IN ('sms'), FALSE) AND (COALESCE((c.kinds) <@ '{"newsletter_subscriber"}', FALSE) OR COALESCE((a.source) IN ('employer_import'), FALSE)))) THEN 'f' WHEN (COALESCE((a.source) IN ('employer_import', 'company_contact'), FALSE) AND ((c.notice_at) IS NULL)) THEN 'g' WHEN (COALESCE((a.source) IN ('employer_import'), FALSE) AND ((c.attested_at) IS NULL)) THEN 'h' WHEN ((c.minor) IS TRUE) THEN 'i' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.pending, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'j' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.withdrawn, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'k' WHEN ((NOT (((g.address_key IS NOT NULL)) IS TRUE)) OR (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'l' WHEN ((((g.address_key IS NOT NULL)) IS NULL) OR ((COALESCE(g.allowed, '{}')) IS NULL) OR ((COALESCE(g.pending, '{}')) IS NULL) OR ((COALESCE(g.withdrawn, '{}')) IS NULL) OR ((COALESCE(g.no_all, false)) IS NULL) OR ((COALESCE(g.no_topics, '{}')) IS NULL) OR ((COALESCE(g.restricted, false)) IS NULL) OR ((COALESCE(g.erased, false)) IS NULL) OR ((c.kinds) IS NULL) OR ((a.source) IS NULL) OR ((c.minor) IS NULL) OR ((topic.id) IS NULL) OR (('sms'::text) IS NULL)) THEN 'm' ELSE '-' END), '') AS letters
           FROM unnest(CASE
             WHEN g.allowed || g.pending || g.withdrawn || g.no_topics <> '{}' THEN NULL::uuid || topics.ids
             ELSE ARRAY[NULL::uuid] END) AS topic(id)) AS said) AS standing,
    (SELECT rtrim(string_agg(CASE WHEN topic.id = ANY (ARRAY(
       SELECT l.topic_id FROM ledger_entry l
       WHERE l.address_key = a.address_key AND l.kind IN ('grant', 'grant_pending'))) THEN '1' ELSE '0' END, ''), '0')
     FROM unnest(topics.ids) AS topic(id)) AS agreed,
    g.paused_until IS NOT NULL OR COALESCE(g.fewer, false) OR EXISTS (
      SELECT FROM address other WHERE other.address_key = a.address_key AND other.contact_id <> c.id) AS slow
  FROM (SELECT * FROM address own WHERE own.contact_id = c.id AND own.channel = 'sms'
        ORDER BY (own.source = 'mina_sidor') DESC, own.collected_at DESC, own.id LIMIT 1) AS a
  LEFT JOIN gate g ON g.address_key = a.address_key
) AS sms ON true
WHERE c.id = ANY (reach_now.ids) AND c.merged_into_id IS NULL
$$;

CREATE FUNCTION reach_write(ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM reach WHERE contact_id = ANY (ids) ORDER BY contact_id FOR UPDATE;
  -- Statements of their own, after the lock: they see what others committed while it waited.
  DELETE FROM reach r WHERE contact_id = ANY (ids)
    AND NOT EXISTS (SELECT FROM contact c WHERE c.id = r.contact_id AND c.merged_into_id IS NULL);
  INSERT INTO reach AS r SELECT * FROM reach_now(ids)
  ON CONFLICT (contact_id) DO UPDATE SET
    kinds = EXCLUDED.kinds, language = EXCLUDED.language, city = EXCLUDED.city,
    organisation_id = EXCLUDED.organisation_id, created_at = EXCLUDED.created_at, profiled = EXCLUDED.profiled,
    email_address_id = EXCLUDED.email_address_id, email_standing = EXCLUDED.email_standing,
    email_agreed = EXCLUDED.email_agreed, email_slow = EXCLUDED.email_slow,
    sms_address_id = EXCLUDED.sms_address_id, sms_standing = EXCLUDED.sms_standing,
    sms_agreed = EXCLUDED.sms_agreed, sms_slow = EXCLUDED.sms_slow
  WHERE r IS DISTINCT FROM EXCLUDED;
END $$;

CREATE FUNCTION reach_rebuild() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  DELETE FROM reach WHERE NOT EXISTS (SELECT FROM contact c WHERE c.id = contact_id AND c.merged_into_id IS NULL);
  FOR ids IN SELECT array_agg(id ORDER BY id) FROM (
    SELECT id, row_number() OVER (ORDER BY id) / 10000 AS slice FROM contact WHERE merged_into_id IS NULL
  ) AS sliced GROUP BY slice ORDER BY slice
  LOOP
    PERFORM reach_write(ids);
  END LOOP;
END $$;

-- Written at COMMIT, once for all that a transaction did: reach is locked after everything else and in one order, so
-- that nobody who holds a row of it waits for anything; and whoever gives an address holds its gate row by then.
CREATE FUNCTION reach_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids uuid[];
BEGIN
  WITH mine AS (
    DELETE FROM reach_wanted WHERE transaction = pg_current_xact_id()::text::bigint
    RETURNING contact_ids, address_keys
  )
  SELECT array_agg(contact_id ORDER BY contact_id) INTO ids FROM (
    SELECT unnest(contact_ids) AS contact_id FROM mine
    UNION
    SELECT a.contact_id FROM (SELECT DISTINCT unnest(address_keys) AS address_key FROM mine) AS keys
    JOIN address a USING (address_key)
  ) AS people;
  IF ids IS NOT NULL THEN
    PERFORM reach_write(ids);
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER reach_keep AFTER INSERT ON reach_wanted
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reach_keep();

CREATE FUNCTION reach_want(ids uuid[], keys bytea[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF ids IS NOT NULL OR keys IS NOT NULL THEN
    INSERT INTO reach_wanted (transaction, contact_ids, address_keys)
    VALUES (pg_current_xact_id()::text::bigint, COALESCE(ids, '{}'), COALESCE(keys, '{}'));
  END IF;
END $$;

CREATE FUNCTION reach_of_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM after_it;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM before_it;
  ELSE
    PERFORM reach_want(array_agg(n.id), NULL) FROM before_it o JOIN after_it n USING (id)
    WHERE (o.kinds, o.language, o.city, o.organisation_id, o.created_at, o.minor, o.notice_at, o.attested_at,
           o.merged_into_id)
      IS DISTINCT FROM
          (n.kinds, n.language, n.city, n.organisation_id, n.created_at, n.minor, n.notice_at, n.attested_at,
           n.merged_into_id);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER reach_of_inserted AFTER INSERT ON contact
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_contacts();
CREATE TRIGGER reach_of_updated AFTER UPDATE ON contact
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_contacts();
CREATE TRIGGER reach_of_deleted AFTER DELETE ON contact
  REFERENCING OLD TABLE AS before_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_contacts();

-- By key too: who else has the address has it to themselves no more, or again.
CREATE FUNCTION reach_of_addresses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    PERFORM reach_want(array_agg(contact_id), array_agg(address_key)) FROM after_it;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM reach_want(array_agg(contact_id), array_agg(address_key)) FROM before_it;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER reach_of_inserted AFTER INSERT ON address
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_addresses();
CREATE TRIGGER reach_of_updated AFTER UPDATE ON address
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_addresses();
CREATE TRIGGER reach_of_deleted AFTER DELETE ON address
  REFERENCING OLD TABLE AS before_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_addresses();

-- By person too: an objection at an address that they had once is theirs still.
CREATE FUNCTION reach_of_gates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reach_want(array_agg(contact_id) FILTER (WHERE contact_id IS NOT NULL), array_agg(address_key)) FROM after_it;
  IF TG_OP = 'UPDATE' THEN
    PERFORM reach_want(array_agg(contact_id), NULL) FROM before_it WHERE contact_id IS NOT NULL;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER reach_of_inserted AFTER INSERT ON gate
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_gates();
CREATE TRIGGER reach_of_updated AFTER UPDATE ON gate
  REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_gates();

CREATE FUNCTION reach_of_grants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reach_want(NULL, array_agg(address_key)) FROM after_it
  WHERE kind IN ('grant', 'grant_pending') AND address_key IS NOT NULL;
  RETURN NULL;
END $$;

CREATE TRIGGER reach_of_inserted AFTER INSERT ON ledger_entry
  REFERENCING NEW TABLE AS after_it FOR EACH STATEMENT EXECUTE FUNCTION reach_of_grants();

SELECT reach_rebuild();
