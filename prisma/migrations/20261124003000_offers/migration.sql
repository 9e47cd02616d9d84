-- AlterTable
ALTER TABLE "dispatch" ADD COLUMN     "offers" SMALLINT NOT NULL DEFAULT 0;

-- Whom a company has told us of.
CREATE INDEX "contact_attested_by_key_idx" ON "contact" (lower("attested_by")) WHERE "attested_by" IS NOT NULL;

-- CreateTable
CREATE TABLE "message_offer" (
    "message_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "contact_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "because_id" UUID,
    "known_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_offer_pkey" PRIMARY KEY ("message_id","position")
);

-- CreateTable
CREATE TABLE "offered_course" (
    "dispatch_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "url" TEXT,

    CONSTRAINT "offered_course_pkey" PRIMARY KEY ("dispatch_id","course_id")
);

-- CreateIndex
CREATE INDEX "message_offer_contact_id_idx" ON "message_offer"("contact_id");

-- CreateIndex
CREATE INDEX "message_offer_known_at_idx" ON "message_offer"("known_at");

-- CreateIndex
CREATE INDEX "message_offer_created_at_idx" ON "message_offer" USING BRIN ("created_at");
