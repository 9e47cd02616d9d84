-- What somebody told customer service, and what came of it. The words are kept until a year after it was closed (R-04).
CREATE TABLE "service_case" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "came_by" TEXT NOT NULL,
    "contact_id" UUID,
    "channel" TEXT,
    "address_key" BYTEA,
    "key_version" SMALLINT,
    "words" TEXT,
    "note" TEXT,
    "outside_reference" TEXT,
    "opened_by" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_as" TEXT,
    "closed_by" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "ledger_entry_id" UUID,

    CONSTRAINT "service_case_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "service_case_number_key" ON "service_case"("number");
CREATE UNIQUE INDEX "service_case_opened_by_outside_reference_key" ON "service_case"("opened_by", "outside_reference");
CREATE INDEX "service_case_state_id_idx" ON "service_case"("state", "id");
CREATE INDEX "service_case_contact_id_idx" ON "service_case"("contact_id");
CREATE INDEX "service_case_address_key_idx" ON "service_case"("address_key");
CREATE INDEX "service_case_closed_at_idx" ON "service_case"("closed_at");

ALTER TABLE "service_case"
  ADD CONSTRAINT service_case_kind CHECK (kind IN ('stop', 'question', 'rights', 'other')),
  ADD CONSTRAINT service_case_came_by CHECK (came_by IN ('phone', 'letter', 'chat', 'email', 'sms', 'visit')),
  ADD CONSTRAINT service_case_address CHECK ((address_key IS NULL) = (channel IS NULL) AND (address_key IS NULL) = (key_version IS NULL)),
  ADD CONSTRAINT service_case_state CHECK (
    (state = 'open' AND closed_at IS NULL AND closed_by IS NULL AND closed_as IS NULL)
    OR (state = 'closed' AND closed_at IS NOT NULL AND closed_by IS NOT NULL AND closed_as IN ('stopped', 'answered', 'passed_on'))),
  -- Nobody is told that it has stopped without the entry that stops it.
  ADD CONSTRAINT service_case_stopped CHECK (closed_as IS DISTINCT FROM 'stopped' OR ledger_entry_id IS NOT NULL),
  ADD CONSTRAINT service_case_stop CHECK (kind <> 'stop' OR closed_as IS DISTINCT FROM 'answered');

-- Whoever was merged into somebody may have cases of their own.
CREATE INDEX contact_merged_into ON contact (merged_into_id) WHERE merged_into_id IS NOT NULL;

ALTER TABLE "reply"
  ADD CONSTRAINT reply_outcome_known CHECK (outcome IN ('opted_out', 'not_a_no', 'auto_reply', 'answered', 'expired'));
