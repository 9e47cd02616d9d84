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
),
own AS MATERIALIZED (SELECT * FROM address WHERE contact_id = ANY (reach_now.ids)),
keys AS MATERIALIZED (SELECT ARRAY(SELECT address_key FROM own) AS keys),
gates AS MATERIALIZED (SELECT * FROM gate WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[])),
-- By person too: an objection at an address that they had once is theirs still.
objected AS MATERIALIZED (
  SELECT DISTINCT contact_id FROM gate
  WHERE contact_id = ANY (reach_now.ids) AND (no_all OR restricted OR erased)
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
SELECT id, kinds, language, city, organisation_id, created_at, NOT minor AND NOT bool_or(objected),
  (array_agg(address_id) FILTER (WHERE best = 'email'))[1], COALESCE(max(standing) FILTER (WHERE best = 'email'), ''),
  COALESCE(max(agreed) FILTER (WHERE best = 'email'), ''), COALESCE(bool_or(slow) FILTER (WHERE best = 'email'), false),
  (array_agg(address_id) FILTER (WHERE best = 'sms'))[1], COALESCE(max(standing) FILTER (WHERE best = 'sms'), ''),
  COALESCE(max(agreed) FILTER (WHERE best = 'sms'), ''), COALESCE(bool_or(slow) FILTER (WHERE best = 'sms'), false)
FROM (
  SELECT c.id, (CASE WHEN 'company_contact' = ANY (c.kinds) THEN 1 ELSE 0 END + CASE WHEN 'learner' = ANY (c.kinds) THEN 2 ELSE 0 END + CASE WHEN 'newsletter_subscriber' = ANY (c.kinds) THEN 4 ELSE 0 END + CASE WHEN 'support_contact' = ANY (c.kinds) THEN 8 ELSE 0 END)::smallint AS kinds, c.language, c.city,
     COALESCE(c.organisation_id, c.employer_id) AS organisation_id, c.created_at, c.minor,
    COALESCE(g.no_all OR g.restricted OR g.erased, false) OR o.contact_id IS NOT NULL AS objected,
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
GROUP BY id, kinds, language, city, organisation_id, created_at, minor
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
