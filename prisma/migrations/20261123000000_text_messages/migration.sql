-- Templates of text messages beside those of mails.
ALTER TABLE "template" ADD COLUMN "channel" TEXT NOT NULL DEFAULT 'email';
ALTER TABLE "template" ADD CONSTRAINT template_channel CHECK (channel IN ('email', 'sms'));

-- What people write back; the words are kept only while a person has to read them.
CREATE TABLE "reply" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "address_key" BYTEA,
    "key_version" INTEGER,
    "sender" TEXT,
    "body" TEXT,
    "meaning" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "handled_by" TEXT,
    "handled_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "ledger_entry_id" UUID,

    CONSTRAINT "reply_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "reply_provider_provider_id_key" ON "reply"("provider", "provider_id");
CREATE INDEX "reply_state_at_idx" ON "reply"("state", "at");
CREATE INDEX "reply_address_key_confirmed_at_idx" ON "reply"("address_key", "confirmed_at");

ALTER TABLE "reply"
  ADD CONSTRAINT reply_channel CHECK (channel IN ('email', 'sms')),
  ADD CONSTRAINT reply_meaning CHECK (meaning IN ('stop', 'start', 'unclear')),
  ADD CONSTRAINT reply_state CHECK (state IN ('open', 'done')),
  -- Nothing is closed as stopped without the entry that stops it.
  ADD CONSTRAINT reply_outcome CHECK (outcome IS DISTINCT FROM 'opted_out' OR ledger_entry_id IS NOT NULL);
