-- AlterTable
ALTER TABLE "contact" ADD COLUMN     "employer_id" UUID;

-- By the name that attested, as events were counted until now; a company that was only named becomes one of ours.
INSERT INTO organisation (id, name, name_key, created_at, updated_at)
SELECT new_id(), min(c.attested_by), lower(normalize(c.attested_by)), now(), now()
FROM contact c WHERE c.attested_by ~ '\S'
GROUP BY lower(normalize(c.attested_by))
ON CONFLICT (name_key) DO NOTHING;

UPDATE contact c SET employer_id = o.id FROM organisation o WHERE o.name_key = lower(normalize(c.attested_by));

-- The body is REACH_NOW (src/features/delivery/reach-function.ts), word for word; a test holds them equal.
CREATE OR REPLACE FUNCTION reach_now(ids uuid[]) RETURNS SETOF reach LANGUAGE sql STABLE AS $$
WITH topics AS MATERIALIZED (
  SELECT ARRAY(SELECT t.id FROM generate_series(1, (SELECT max(number) FROM topic)) AS place
               LEFT JOIN topic t ON t.number = place ORDER BY place) AS ids
)
SELECT c.id, (CASE WHEN 'company_contact' = ANY (c.kinds) THEN 1 ELSE 0 END + CASE WHEN 'learner' = ANY (c.kinds) THEN 2 ELSE 0 END + CASE WHEN 'newsletter_subscriber' = ANY (c.kinds) THEN 4 ELSE 0 END + CASE WHEN 'support_contact' = ANY (c.kinds) THEN 8 ELSE 0 END)::smallint, c.language, c.city, COALESCE(c.organisation_id, c.employer_id), c.created_at,
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

CREATE OR REPLACE FUNCTION reach_of_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM after_it;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM before_it;
  ELSE
    PERFORM reach_want(array_agg(n.id), NULL) FROM before_it o JOIN after_it n USING (id)
    WHERE (o.kinds, o.language, o.city, o.organisation_id, o.employer_id, o.created_at, o.minor, o.notice_at,
           o.attested_at, o.merged_into_id)
      IS DISTINCT FROM
          (n.kinds, n.language, n.city, n.organisation_id, n.employer_id, n.created_at, n.minor, n.notice_at,
           n.attested_at, n.merged_into_id);
  END IF;
  RETURN NULL;
END $$;

SELECT reach_rebuild();
