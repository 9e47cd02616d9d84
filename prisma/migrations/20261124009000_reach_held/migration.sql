-- AlterTable
ALTER TABLE "reach" RENAME COLUMN "city" TO "city_key";
ALTER TABLE "reach" ADD COLUMN     "held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "title_key" TEXT;

-- The body is REACH_NOW (src/features/delivery/reach-function.ts), word for word; a test holds them equal.
CREATE OR REPLACE FUNCTION reach_now(ids uuid[]) RETURNS SETOF reach LANGUAGE sql STABLE AS $$
WITH topics AS MATERIALIZED (
  SELECT ARRAY(SELECT t.id FROM generate_series(1, (SELECT max(number) FROM topic)) AS place
               LEFT JOIN topic t ON t.number = place ORDER BY place) AS ids
),
own AS MATERIALIZED (SELECT * FROM address WHERE contact_id = ANY (reach_now.ids)),
keys AS MATERIALIZED (SELECT ARRAY(SELECT address_key FROM own) AS keys),
gates AS MATERIALIZED (SELECT * FROM gate WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[])),
-- By person too: an objection at an address that they had once is theirs still.
objected AS MATERIALIZED (
  SELECT contact_id, bool_or(restricted OR erased) AS held FROM gate
  WHERE contact_id = ANY (reach_now.ids) AND (no_all OR restricted OR erased)
  GROUP BY contact_id
),
granted AS MATERIALIZED (
  SELECT address_key, array_agg(topic_id) AS ids FROM ledger_entry
  WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[]) AND kind IN ('grant', 'grant_pending')
  GROUP BY address_key
),
others AS MATERIALIZED (
  SELECT address_key FROM address WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[])
  GROUP BY address_key HAVING count(DISTINCT contact_id) > 1
)
SELECT id, kinds, language, city_key, organisation_id, created_at, NOT minor AND NOT bool_or(objected),
  (array_agg(address_id) FILTER (WHERE best = 'email'))[1], COALESCE(max(standing) FILTER (WHERE best = 'email'), ''),
  COALESCE(max(agreed) FILTER (WHERE best = 'email'), ''), COALESCE(bool_or(slow) FILTER (WHERE best = 'email'), false),
  (array_agg(address_id) FILTER (WHERE best = 'sms'))[1], COALESCE(max(standing) FILTER (WHERE best = 'sms'), ''),
  COALESCE(max(agreed) FILTER (WHERE best = 'sms'), ''), COALESCE(bool_or(slow) FILTER (WHERE best = 'sms'), false),
  bool_or(held), title_key
FROM (
  SELECT c.id, (CASE WHEN 'company_contact' = ANY (c.kinds) THEN 1 ELSE 0 END + CASE WHEN 'learner' = ANY (c.kinds) THEN 2 ELSE 0 END + CASE WHEN 'newsletter_subscriber' = ANY (c.kinds) THEN 4 ELSE 0 END + CASE WHEN 'support_contact' = ANY (c.kinds) THEN 8 ELSE 0 END)::smallint AS kinds, c.language, lower(c.city) AS city_key, lower(c.title) AS title_key,
     COALESCE(c.organisation_id, c.employer_id) AS organisation_id, c.created_at, c.minor,
    COALESCE(g.no_all OR g.restricted OR g.erased, false) OR o.contact_id IS NOT NULL AS objected,
    COALESCE(g.restricted OR g.erased, false) OR COALESCE(o.held, false) AS held,
    a.id AS address_id,
    CASE WHEN row_number() OVER (PARTITION BY c.id, a.channel
      ORDER BY (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id) = 1 THEN a.channel END AS best,
    (SELECT left(letters, 1) || rtrim(substr(letters, 2), left(letters, 1))
     FROM (SELECT string_agg((CASE WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND (NOT COALESCE((g.no_by) IN ('person'), FALSE))) THEN 'a' WHEN (((((COALESCE(g.no_all, false)) IS TRUE) OR COALESCE((topic.id) = ANY ((COALESCE(g.no_topics, '{}'))), FALSE)) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) AND COALESCE((g.no_by) IN ('person'), FALSE)) THEN 'b' WHEN ((COALESCE(g.restricted, false)) IS TRUE) THEN 'c' WHEN ((COALESCE(g.erased, false)) IS TRUE) THEN 'd' WHEN (NOT ((g.undeliverable_at) IS NULL)) THEN 'e' WHEN (COALESCE((a.source) IN ('support'), FALSE) OR (COALESCE((a.channel) IN ('sms'), FALSE) AND (COALESCE((c.kinds) <@ '{"newsletter_subscriber"}', FALSE) OR COALESCE((a.source) IN ('employer_import'), FALSE)))) THEN 'f' WHEN (COALESCE((a.source) IN ('employer_import', 'company_contact'), FALSE) AND ((c.notice_at) IS NULL)) THEN 'g' WHEN (COALESCE((a.source) IN ('employer_import'), FALSE) AND ((c.attested_at) IS NULL)) THEN 'h' WHEN ((c.minor) IS TRUE) THEN 'i' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.pending, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'j' WHEN (COALESCE((topic.id) = ANY ((COALESCE(g.withdrawn, '{}'))), FALSE) AND (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'k' WHEN ((NOT (((g.address_key IS NOT NULL)) IS TRUE)) OR (NOT COALESCE((topic.id) = ANY ((COALESCE(g.allowed, '{}'))), FALSE))) THEN 'l' WHEN ((((g.address_key IS NOT NULL)) IS NULL) OR ((COALESCE(g.allowed, '{}')) IS NULL) OR ((COALESCE(g.pending, '{}')) IS NULL) OR ((COALESCE(g.withdrawn, '{}')) IS NULL) OR ((COALESCE(g.no_all, false)) IS NULL) OR ((COALESCE(g.no_topics, '{}')) IS NULL) OR ((COALESCE(g.restricted, false)) IS NULL) OR ((COALESCE(g.erased, false)) IS NULL) OR ((c.kinds) IS NULL) OR ((a.source) IS NULL) OR ((c.minor) IS NULL) OR ((topic.id) IS NULL) OR ((a.channel) IS NULL)) THEN 'm' ELSE '-' END), '') AS letters
           FROM unnest(CASE
             WHEN g.allowed || g.pending || g.withdrawn || g.no_topics <> '{}' THEN NULL::uuid || topics.ids
             ELSE ARRAY[NULL::uuid] END) AS topic(id)) AS said) AS standing,
    CASE WHEN l.ids IS NOT NULL THEN (
      SELECT rtrim(string_agg(CASE WHEN topic.id = ANY (l.ids) THEN '1' ELSE '0' END, ''), '0')
      FROM unnest(topics.ids) AS topic(id)) END AS agreed,
    g.paused_until IS NOT NULL OR COALESCE(g.fewer, false) OR other.address_key IS NOT NULL AS slow
  FROM contact c
  CROSS JOIN topics
  LEFT JOIN own a ON a.contact_id = c.id
  LEFT JOIN gates g ON g.address_key = a.address_key
  LEFT JOIN objected o ON o.contact_id = c.id
  LEFT JOIN granted l ON l.address_key = a.address_key
  LEFT JOIN others other ON other.address_key = a.address_key
  WHERE c.id = ANY (reach_now.ids) AND c.merged_into_id IS NULL
) AS told
GROUP BY id, kinds, language, city_key, title_key, organisation_id, created_at, minor
$$;

CREATE OR REPLACE FUNCTION reach_write(ids uuid[]) RETURNS void LANGUAGE plpgsql
SET enable_nestloop = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  gone uuid[];
BEGIN
  PERFORM FROM reach WHERE contact_id = ANY (ids) ORDER BY contact_id FOR UPDATE;
  -- Statements of their own, after the lock: they see what others committed while it waited.
  gone := ARRAY(SELECT unnest(ids) EXCEPT SELECT id FROM contact WHERE id = ANY (ids) AND merged_into_id IS NULL);
  IF gone <> '{}' THEN
    DELETE FROM reach WHERE contact_id = ANY (gone);
  END IF;
  INSERT INTO reach AS r SELECT * FROM reach_now(ids)
  ON CONFLICT (contact_id) DO UPDATE SET
    kinds = EXCLUDED.kinds, language = EXCLUDED.language, city_key = EXCLUDED.city_key,
    organisation_id = EXCLUDED.organisation_id, created_at = EXCLUDED.created_at, profiled = EXCLUDED.profiled,
    email_address_id = EXCLUDED.email_address_id, email_standing = EXCLUDED.email_standing,
    email_agreed = EXCLUDED.email_agreed, email_slow = EXCLUDED.email_slow,
    sms_address_id = EXCLUDED.sms_address_id, sms_standing = EXCLUDED.sms_standing,
    sms_agreed = EXCLUDED.sms_agreed, sms_slow = EXCLUDED.sms_slow, held = EXCLUDED.held, title_key = EXCLUDED.title_key
  WHERE r IS DISTINCT FROM EXCLUDED;
END $$;

CREATE OR REPLACE FUNCTION reach_of_contacts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM after_it;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM reach_want(array_agg(id), NULL) FROM before_it;
  ELSE
    PERFORM reach_want(array_agg(n.id), NULL) FROM before_it o JOIN after_it n USING (id)
    WHERE (o.kinds, o.language, o.city, o.title, o.organisation_id, o.employer_id, o.created_at, o.minor, o.notice_at,
           o.attested_at, o.merged_into_id)
      IS DISTINCT FROM
          (n.kinds, n.language, n.city, n.title, n.organisation_id, n.employer_id, n.created_at, n.minor, n.notice_at,
           n.attested_at, n.merged_into_id);
  END IF;
  RETURN NULL;
END $$;

SELECT reach_rebuild();
