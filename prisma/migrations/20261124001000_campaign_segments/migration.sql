-- AlterTable
ALTER TABLE "campaign" ADD COLUMN     "asked" JSONB;

-- Every audience names its segments, those that name none too.
UPDATE campaign SET audience = audience || '{"segments": {"include": [], "exclude": []}}'
WHERE NOT audience ? 'segments';
UPDATE campaign_version
SET fields = jsonb_set(fields, '{audience,segments}', '{"include": [], "exclude": []}')
WHERE fields ? 'audience' AND NOT fields->'audience' ? 'segments';
