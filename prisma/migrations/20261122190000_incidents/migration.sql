-- A promise seen broken. While one is open nothing is sent, on any channel; a person closes it.
CREATE TABLE incident (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "details" JSONB NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "closed_by" TEXT,
    "note" TEXT,
    "accepted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT incident_pkey PRIMARY KEY (id),
    CONSTRAINT incident_kind CHECK (kind IN ('equation_gap', 'permit_after_opt_out')),
    CONSTRAINT incident_closed CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (note IS NULL)
      AND (closed_at IS NOT NULL OR NOT accepted))
);

-- One open incident of a kind: what is found while it is open is added to it.
CREATE UNIQUE INDEX incident_open ON incident (kind) WHERE closed_at IS NULL;

-- How far each continuous check has looked.
CREATE TABLE audit_mark (
    "name" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT audit_mark_pkey PRIMARY KEY (name)
);

-- Every permit is compared with the noes; most addresses have none, and then these answer without reading the ledger.
CREATE INDEX ledger_entry_no_address ON ledger_entry (address_key) WHERE kind = 'opt_out';
CREATE INDEX ledger_entry_no_contact ON ledger_entry (contact_id) WHERE kind = 'opt_out';
