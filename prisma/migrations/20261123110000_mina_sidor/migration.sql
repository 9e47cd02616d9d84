-- Service messages by text message too: the code that proves that a number is one's own.
ALTER TABLE service_message ADD COLUMN "channel" TEXT NOT NULL DEFAULT 'email';
ALTER TABLE service_message ADD CONSTRAINT service_message_channel CHECK (channel IN ('email', 'sms'));

-- Why somebody said no, if they want to tell: one of a few words, beside the entry and never in the way of it.
CREATE TABLE opt_out_reason (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ledger_entry_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT opt_out_reason_pkey PRIMARY KEY (id),
    CONSTRAINT opt_out_reason_reason CHECK (reason IN ('too_often', 'not_relevant', 'never_asked', 'changed_job', 'other'))
);
CREATE UNIQUE INDEX opt_out_reason_ledger_entry_id_key ON opt_out_reason (ledger_entry_id);

-- A code on its way to a number that somebody says is theirs; neither the code nor the number can be read from it.
CREATE TABLE phone_code (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "address_key" BYTEA NOT NULL,
    "code_hash" BYTEA NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT phone_code_pkey PRIMARY KEY (id)
);
CREATE INDEX phone_code_contact_id_created_at_idx ON phone_code (contact_id, created_at);
CREATE INDEX phone_code_address_key_created_at_idx ON phone_code (address_key, created_at);
