-- The provider's own lists of whom it mails no more: what we add to them, and what they know that we do not.

CREATE TABLE "list_outbox" (
    "address_key" BYTEA NOT NULL,
    "wanted_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "list_outbox_pkey" PRIMARY KEY ("address_key")
);
CREATE INDEX "list_outbox_next_at_idx" ON "list_outbox"("next_at");

CREATE TABLE "feedback_mark" (
    "name" TEXT NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "feedback_mark_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "provider_listed" (
    "list" TEXT NOT NULL,
    "address_key" BYTEA NOT NULL,
    "listed_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "ours" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "provider_listed_pkey" PRIMARY KEY ("list", "address_key")
);

CREATE TABLE "provider_list" (
    "list" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3),
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "next_offset" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),
    "whole_at" TIMESTAMPTZ(3),
    "listed" INTEGER NOT NULL DEFAULT 0,
    "compared_at" TIMESTAMPTZ(3),
    "missing_there" INTEGER NOT NULL DEFAULT 0,
    "allowed_here" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "provider_list_pkey" PRIMARY KEY ("list"),
    CONSTRAINT provider_list_name CHECK (list IN ('unsubscribes', 'spam_reports', 'bounces', 'blocks'))
);

-- What a text message was charged for, as the provider tells it.
CREATE TABLE "sms_cost" (
    "message_id" UUID NOT NULL,
    "parts" SMALLINT,
    "price" DECIMAL(10,5),
    "currency" TEXT,

    CONSTRAINT "sms_cost_pkey" PRIMARY KEY ("message_id"),
    CONSTRAINT sms_cost_price CHECK ((price IS NULL) = (currency IS NULL) AND price >= 0),
    CONSTRAINT sms_cost_parts CHECK (parts > 0)
);
