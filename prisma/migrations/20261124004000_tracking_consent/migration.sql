-- CreateTable
CREATE TABLE "tracking_consent" (
    "contact_id" UUID NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tracking_consent_pkey" PRIMARY KEY ("contact_id")
);

-- CreateTable
CREATE TABLE "contact_click" (
    "message_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_click_pkey" PRIMARY KEY ("message_id","code")
);

-- CreateIndex
CREATE INDEX "contact_click_contact_id_at_idx" ON "contact_click"("contact_id", "at");

-- CreateIndex
CREATE INDEX "contact_click_at_idx" ON "contact_click" USING BRIN ("at");

-- AddForeignKey: a click waits for a withdrawal that is under way, and is then refused.
ALTER TABLE "contact_click" ADD CONSTRAINT "contact_click_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "tracking_consent"("contact_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "signup_form" ADD COLUMN "asks_tracking" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "signup" ADD COLUMN "tracking" BOOLEAN NOT NULL DEFAULT false;

-- What the entries say already has been checked; only the list gets longer.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind CHECK (kind IN ('grant', 'grant_pending', 'withdraw',
  'opt_out', 'pause', 'fewer', 'undeliverable', 'deliverable', 'restrict', 'unrestrict', 'erase', 'track', 'untrack'))
  NOT VALID;
