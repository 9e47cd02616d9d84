-- CreateTable
CREATE TABLE "brand" (
    "id" SMALLINT NOT NULL DEFAULT 1,
    "name" TEXT,
    "colour" TEXT,
    "footer" TEXT NOT NULL DEFAULT '',
    "logo" BYTEA,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "brand_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sender" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "reply_to" TEXT,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sender_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_call" (
    "webhook" TEXT NOT NULL,
    "heard_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "webhook_call_pkey" PRIMARY KEY ("webhook")
);

-- CreateIndex
CREATE UNIQUE INDEX "sender_email_name_key" ON "sender"("email", "name");

-- One brand, and at most one sender that is taken when none is named.
ALTER TABLE "brand" ADD CONSTRAINT "brand_one_row" CHECK ("id" = 1);
CREATE UNIQUE INDEX "sender_one_default" ON "sender" ("is_default") WHERE "is_default";
