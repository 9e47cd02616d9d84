-- What a campaign came to: where its links lead, how often they are followed, and its numbers as last counted.

-- CreateTable
CREATE TABLE "campaign_link" (
    "code" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "number" SMALLINT NOT NULL,
    "url" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_link_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "link_clicks" (
    "code" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "link_clicks_pkey" PRIMARY KEY ("code","hour")
);

-- CreateTable
CREATE TABLE "campaign_tally" (
    "campaign_id" UUID NOT NULL,
    "counted_at" TIMESTAMPTZ(3) NOT NULL,
    "audience" INTEGER NOT NULL,
    "withheld" INTEGER NOT NULL,
    "accepted" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "unknown" INTEGER NOT NULL,
    "delivered" INTEGER NOT NULL,
    "bounced" INTEGER NOT NULL,
    "complaints" INTEGER NOT NULL,
    "opt_outs" INTEGER NOT NULL,
    "clicks" INTEGER,

    CONSTRAINT "campaign_tally_pkey" PRIMARY KEY ("campaign_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "campaign_link_campaign_id_number_key" ON "campaign_link"("campaign_id", "number");

-- Who said no because of a campaign is asked whenever its report is read; the ledger never shrinks.
CREATE INDEX ledger_entry_of_campaign ON ledger_entry (campaign_id) WHERE kind = 'opt_out';

-- The ledger is written in the order of time: some pages' worth of index finds the weeks of the overview.
CREATE INDEX "ledger_entry_at_idx" ON "ledger_entry" USING BRIN ("at");
