-- Until then a launch, or the approval of a send time, can be taken back.
ALTER TABLE "campaign" ADD COLUMN "leaves_at" TIMESTAMPTZ(3);

CREATE TABLE "campaign_version" (
    "campaign_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "saved_by" TEXT,
    "began_at" TIMESTAMPTZ(3) NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "fields" JSONB NOT NULL,

    CONSTRAINT "campaign_version_pkey" PRIMARY KEY ("campaign_id","version")
);

-- What campaigns say now, so that the next save does not lose it; who saved it last is not known.
INSERT INTO "campaign_version" (campaign_id, version, saved_by, began_at, saved_at, fields)
SELECT id, version, NULL, updated_at, updated_at, jsonb_build_object(
  'name', name, 'topicId', topic_id, 'language', language, 'audience', audience, 'templateKey', template_key,
  'subject', subject, 'preheader', preheader, 'body', body, 'senderName', sender_name,
  'senderEmail', sender_email, 'replyTo', reply_to, 'timeZone', time_zone, 'sendAtLocal', send_at_local,
  'windowHours', window_hours, 'publicArchive', public_archive)
FROM campaign;
