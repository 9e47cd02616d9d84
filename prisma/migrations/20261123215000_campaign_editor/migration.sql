-- Written every 20 seconds by each who edits, and worth nothing after a minute: no write-ahead log.
CREATE UNLOGGED TABLE "campaign_editor" (
    "campaign_id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_editor_pkey" PRIMARY KEY ("campaign_id","staff_id")
);
