-- AlterTable
ALTER TABLE "topic" ADD COLUMN     "number" SMALLSERIAL NOT NULL;

-- CreateTable
CREATE TABLE "course" (
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "level" SMALLINT,
    "description" TEXT NOT NULL DEFAULT '',
    "url" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "course_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "learner_event" (
    "event_id" TEXT NOT NULL,
    "contact_id" UUID NOT NULL,
    "course_id" UUID,
    "kind" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "learner_event_pkey" PRIMARY KEY ("event_id")
);

-- CreateTable
CREATE TABLE "learning_month" (
    "month" DATE NOT NULL,
    "course_id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "events" INTEGER NOT NULL,

    CONSTRAINT "learning_month_pkey" PRIMARY KEY ("month","course_id","organisation_id","kind")
);

-- CreateTable
CREATE TABLE "agreement" (
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "organisation_id" UUID NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,
    "final_payment_on" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agreement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attribute" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "name_sv" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "choices" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "attribute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_attribute" (
    "attribute_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "text" TEXT,
    "number" DOUBLE PRECISION,
    "date" DATE,
    "flag" BOOLEAN,
    "source" TEXT NOT NULL,
    "collected_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_attribute_pkey" PRIMARY KEY ("attribute_id","contact_id")
);

-- CreateTable
CREATE TABLE "reach" (
    "contact_id" UUID NOT NULL,
    "kinds" SMALLINT NOT NULL,
    "language" TEXT NOT NULL,
    "city" TEXT,
    "organisation_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "profiled" BOOLEAN NOT NULL,
    "email_address_id" UUID,
    "email_standing" TEXT NOT NULL DEFAULT '',
    "email_agreed" TEXT NOT NULL DEFAULT '',
    "email_slow" BOOLEAN NOT NULL DEFAULT false,
    "sms_address_id" UUID,
    "sms_standing" TEXT NOT NULL DEFAULT '',
    "sms_agreed" TEXT NOT NULL DEFAULT '',
    "sms_slow" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "reach_pkey" PRIMARY KEY ("contact_id")
);

-- CreateTable
CREATE TABLE "segment" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "tree" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "counted_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "segment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment_member" (
    "segment_id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,

    CONSTRAINT "segment_member_pkey" PRIMARY KEY ("segment_id","contact_id")
);

-- CreateTable
CREATE TABLE "segment_count" (
    "segment_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "people" INTEGER NOT NULL,

    CONSTRAINT "segment_count_pkey" PRIMARY KEY ("segment_id","day")
);

-- CreateIndex
CREATE UNIQUE INDEX "course_external_id_key" ON "course"("external_id");

-- CreateIndex
CREATE INDEX "learner_event_course_id_kind_occurred_at_contact_id_idx" ON "learner_event"("course_id", "kind", "occurred_at", "contact_id");

-- CreateIndex
CREATE INDEX "learner_event_kind_occurred_at_contact_id_idx" ON "learner_event"("kind", "occurred_at", "contact_id");

-- CreateIndex
CREATE INDEX "learner_event_contact_id_kind_occurred_at_idx" ON "learner_event"("contact_id", "kind", "occurred_at");

-- CreateIndex
CREATE INDEX "learner_event_received_at_idx" ON "learner_event" USING BRIN ("received_at");

-- CreateIndex
CREATE UNIQUE INDEX "agreement_external_id_key" ON "agreement"("external_id");

-- CreateIndex
CREATE INDEX "agreement_organisation_id_idx" ON "agreement"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "attribute_key_key" ON "attribute"("key");

-- CreateIndex
CREATE INDEX "contact_attribute_contact_id_idx" ON "contact_attribute"("contact_id");

-- CreateIndex
CREATE INDEX "contact_attribute_attribute_id_text_contact_id_idx" ON "contact_attribute"("attribute_id", "text", "contact_id");

-- CreateIndex
CREATE INDEX "contact_attribute_attribute_id_number_contact_id_idx" ON "contact_attribute"("attribute_id", "number", "contact_id");

-- CreateIndex
CREATE INDEX "contact_attribute_attribute_id_date_contact_id_idx" ON "contact_attribute"("attribute_id", "date", "contact_id");

-- CreateIndex
CREATE INDEX "reach_organisation_id_idx" ON "reach"("organisation_id");

-- CreateIndex
CREATE INDEX "segment_member_contact_id_idx" ON "segment_member"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "topic_number_key" ON "topic"("number");

ALTER TABLE "segment" ADD CONSTRAINT "segment_kind" CHECK ("kind" IN ('dynamic', 'static'));
ALTER TABLE "learner_event" ADD CONSTRAINT "learner_event_kind" CHECK ("kind" IN ('enrolled', 'started', 'completed', 'certificate', 'active'));
ALTER TABLE "attribute" ADD CONSTRAINT "attribute_type" CHECK ("type" IN ('text', 'number', 'date', 'flag', 'choice'));
-- Exactly one value, so that none can be read as another type.
ALTER TABLE "contact_attribute" ADD CONSTRAINT "contact_attribute_one_value" CHECK (num_nonnulls("text", "number", "date", "flag") = 1);
