-- AlterTable
ALTER TABLE "campaign" ADD COLUMN     "blocks" JSONB;

-- AlterTable
ALTER TABLE "template" ADD COLUMN     "blocks" JSONB;

-- CreateTable
CREATE TABLE "snippet" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "blocks" JSONB NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "snippet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "asset" (
    "hash" TEXT NOT NULL,
    "extension" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "asset_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "asset_created_at_idx" ON "asset"("created_at" DESC);
