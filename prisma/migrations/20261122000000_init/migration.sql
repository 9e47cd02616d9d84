-- CreateTable
CREATE TABLE "timer_turn" (
    "name" TEXT NOT NULL,
    "next_run_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "timer_turn_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "staff" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "roles" TEXT[],
    "language" TEXT NOT NULL DEFAULT 'sv',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "staff_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL,
    "staff_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "login_failure" (
    "id" BIGSERIAL NOT NULL,
    "key" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_failure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "prefix" TEXT NOT NULL,
    "permissions" TEXT[],
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "city" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "external_id" TEXT,
    "kinds" TEXT[],
    "first_name" TEXT,
    "last_name" TEXT,
    "title" TEXT,
    "city" TEXT,
    "language" TEXT NOT NULL DEFAULT 'sv',
    "time_zone" TEXT NOT NULL DEFAULT 'Europe/Stockholm',
    "organisation_id" UUID,
    "minor" BOOLEAN NOT NULL DEFAULT false,
    "sources" JSONB NOT NULL DEFAULT '{}',
    "notice_version" TEXT,
    "notice_at" TIMESTAMPTZ(3),
    "attested_at" TIMESTAMPTZ(3),
    "attestation_ref" TEXT,
    "attested_by" TEXT,
    "merged_into_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address" (
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "canonical" TEXT NOT NULL,
    "address_key" BYTEA NOT NULL,
    "key_version" SMALLINT NOT NULL,
    "source" TEXT NOT NULL,
    "source_ref" TEXT,
    "collected_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "template" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name_sv" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "subject" TEXT NOT NULL,
    "preheader" TEXT NOT NULL DEFAULT '',
    "body" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "content_version" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "preheader" TEXT NOT NULL DEFAULT '',
    "html" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "content_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mailbox_message" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "channel" TEXT NOT NULL,
    "message_id" UUID NOT NULL,
    "campaign_id" UUID,
    "to_address" TEXT NOT NULL,
    "from_line" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "headers" JSONB NOT NULL,
    "text" TEXT NOT NULL,
    "html" TEXT,
    "copies" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "mailbox_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "topic" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name_sv" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "description_sv" TEXT NOT NULL DEFAULT '',
    "description_en" TEXT NOT NULL DEFAULT '',
    "purpose" TEXT NOT NULL,
    "soft_opt_in" BOOLEAN NOT NULL DEFAULT false,
    "assessed_at" TIMESTAMPTZ(3),
    "position" INTEGER NOT NULL DEFAULT 0,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "topic_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "wording" (
    "version" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "wording_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "ledger_entry" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "kind" TEXT NOT NULL,
    "channel" TEXT,
    "address_key" BYTEA,
    "key_version" SMALLINT,
    "contact_id" UUID,
    "scope" TEXT NOT NULL,
    "topic_id" UUID,
    "ground" TEXT,
    "door" TEXT NOT NULL,
    "detail" TEXT,
    "method" TEXT,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT,
    "message_id" UUID,
    "campaign_id" UUID,
    "wording_version" TEXT,
    "policy_version" TEXT NOT NULL,
    "evidence" JSONB NOT NULL DEFAULT '{}',
    "position" BIGINT,
    "prev_hash" BYTEA,
    "hash" BYTEA,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "gate" (
    "address_key" BYTEA NOT NULL,
    "channel" TEXT NOT NULL,
    "contact_id" UUID,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "allowed" UUID[],
    "pending" UUID[],
    "withdrawn" UUID[],
    "no_all" BOOLEAN NOT NULL DEFAULT false,
    "no_topics" UUID[],
    "no_by" TEXT,
    "no_seq" BIGINT,
    "paused_until" TIMESTAMPTZ(3),
    "undeliverable_at" TIMESTAMPTZ(3),
    "restricted" BOOLEAN NOT NULL DEFAULT false,
    "erased" BOOLEAN NOT NULL DEFAULT false,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "gate_pkey" PRIMARY KEY ("address_key")
);

-- CreateTable
CREATE TABLE "link_token" (
    "hash" BYTEA NOT NULL,
    "class" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "address_key" BYTEA NOT NULL,
    "contact_id" UUID,
    "message_id" UUID,
    "campaign_id" UUID,
    "topic_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "service_message" (
    "id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "to_address" TEXT,
    "address_key" BYTEA NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "claim_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "provider_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signup_form" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name_sv" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "intro_sv" TEXT NOT NULL DEFAULT '',
    "intro_en" TEXT NOT NULL DEFAULT '',
    "consent_sv" TEXT NOT NULL,
    "consent_en" TEXT NOT NULL,
    "topic_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "signup_form_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signup" (
    "id" UUID NOT NULL,
    "form_id" UUID,
    "email" TEXT,
    "address_key" BYTEA NOT NULL,
    "contact_id" UUID,
    "topic_ids" UUID[],
    "language" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "wording_version" TEXT NOT NULL,
    "policy_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signup_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import" (
    "id" UUID NOT NULL,
    "file_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "encoding" TEXT,
    "delimiter" TEXT,
    "header" TEXT[],
    "mapping" JSONB NOT NULL DEFAULT '{}',
    "options" JSONB NOT NULL DEFAULT '{}',
    "attestation" JSONB,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL DEFAULT 0,
    "total_rows" INTEGER,
    "fault" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_chunk" (
    "import_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "import_chunk_pkey" PRIMARY KEY ("import_id","n")
);

-- CreateTable
CREATE TABLE "import_row" (
    "import_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "code" TEXT,
    "field" TEXT,
    "message" TEXT,
    "contact_id" UUID,
    "before" JSONB,

    CONSTRAINT "import_row_pkey" PRIMARY KEY ("import_id","line")
);

-- CreateTable
CREATE TABLE "dispatch" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "topic_id" UUID NOT NULL,
    "content_version_id" UUID NOT NULL,
    "sender" JSONB NOT NULL,
    "policy_version" TEXT NOT NULL,
    "window_end" TIMESTAMPTZ(3),
    "batch_size" INTEGER NOT NULL,
    "cursor" UUID,
    "materialised_at" TIMESTAMPTZ(3),
    "audience" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "dispatch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "batch" (
    "id" UUID NOT NULL,
    "dispatch_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "dispatch_id" UUID NOT NULL,
    "batch_id" UUID,
    "contact_id" UUID,
    "address_id" UUID,
    "address_key" BYTEA NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "reason_seq" BIGINT,
    "epoch" INTEGER,
    "decided_at" TIMESTAMPTZ(3),
    "token" UUID,
    "permit_at" TIMESTAMPTZ(3),
    "settle_by" TIMESTAMPTZ(3),
    "attempts" SMALLINT NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "outcome_at" TIMESTAMPTZ(3),
    "outcome_code" TEXT,
    "provider_id" TEXT,
    "event_rank" SMALLINT NOT NULL DEFAULT 0,
    "copy" SMALLINT NOT NULL DEFAULT 0,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_state" (
    "channel" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "refilled_at" TIMESTAMPTZ(6) NOT NULL,
    "breaker" TEXT NOT NULL DEFAULT 'closed',
    "failures" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3),
    "probe_at" TIMESTAMPTZ(3),
    "opened_because" TEXT,
    "held_because" TEXT,
    "held_at" TIMESTAMPTZ(3),

    CONSTRAINT "channel_state_pkey" PRIMARY KEY ("channel")
);

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'email',
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "topic_id" UUID,
    "language" TEXT NOT NULL DEFAULT 'sv',
    "audience" JSONB NOT NULL DEFAULT '{}',
    "template_key" TEXT,
    "subject" TEXT NOT NULL DEFAULT '',
    "preheader" TEXT NOT NULL DEFAULT '',
    "body" TEXT NOT NULL DEFAULT '',
    "sender_name" TEXT,
    "sender_email" TEXT,
    "reply_to" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'Europe/Stockholm',
    "send_at_local" TEXT,
    "send_at" TIMESTAMPTZ(3),
    "window_hours" INTEGER NOT NULL DEFAULT 24,
    "public_archive" BOOLEAN NOT NULL DEFAULT false,
    "created_by" TEXT,
    "test_sent_at" TIMESTAMPTZ(3),
    "approved_by" TEXT,
    "approved_at" TIMESTAMPTZ(3),
    "approval_hash" TEXT,
    "launched_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domain_check" (
    "domain" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "spf" BOOLEAN NOT NULL,
    "dkim" BOOLEAN NOT NULL,
    "dmarc" BOOLEAN NOT NULL,
    "details" JSONB NOT NULL,

    CONSTRAINT "domain_check_pkey" PRIMARY KEY ("domain")
);

-- CreateTable
CREATE TABLE "provider_event" (
    "id" BIGSERIAL NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subtype" TEXT,
    "code" TEXT,
    "occurred_at" TIMESTAMPTZ(3),
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" UUID,
    "address_key" BYTEA,
    "key_version" SMALLINT,
    "applied_at" TIMESTAMPTZ(3),
    "effect" TEXT,

    CONSTRAINT "provider_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_entry_subject_type_subject_id_idx" ON "audit_entry"("subject_type", "subject_id");

-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- CreateIndex
CREATE UNIQUE INDEX "staff_email_key" ON "staff"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_id_key" ON "session"("id");

-- CreateIndex
CREATE INDEX "session_staff_id_idx" ON "session"("staff_id");

-- CreateIndex
CREATE INDEX "login_failure_key_at_idx" ON "login_failure"("key", "at");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_hash_key" ON "api_key"("key_hash");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_external_id_key" ON "organisation"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_name_key_key" ON "organisation"("name_key");

-- CreateIndex
CREATE UNIQUE INDEX "contact_external_id_key" ON "contact"("external_id");

-- CreateIndex
CREATE INDEX "contact_organisation_id_idx" ON "contact"("organisation_id");

-- CreateIndex
CREATE INDEX "contact_last_name_first_name_idx" ON "contact"("last_name", "first_name");

-- CreateIndex
CREATE INDEX "address_address_key_idx" ON "address"("address_key");

-- CreateIndex
CREATE INDEX "address_channel_canonical_idx" ON "address"("channel", "canonical");

-- CreateIndex
CREATE UNIQUE INDEX "address_contact_id_channel_address_key_key" ON "address"("contact_id", "channel", "address_key");

-- CreateIndex
CREATE UNIQUE INDEX "template_key_key" ON "template"("key");

-- CreateIndex
CREATE UNIQUE INDEX "content_version_hash_key" ON "content_version"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "mailbox_message_message_id_key" ON "mailbox_message"("message_id");

-- CreateIndex
CREATE INDEX "mailbox_message_at_idx" ON "mailbox_message"("at");

-- CreateIndex
CREATE INDEX "mailbox_message_to_address_idx" ON "mailbox_message"("to_address");

-- CreateIndex
CREATE UNIQUE INDEX "topic_key_key" ON "topic"("key");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_id_key" ON "ledger_entry"("id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_position_key" ON "ledger_entry"("position");

-- CreateIndex
CREATE INDEX "ledger_entry_address_key_seq_idx" ON "ledger_entry"("address_key", "seq");

-- CreateIndex
CREATE INDEX "ledger_entry_contact_id_seq_idx" ON "ledger_entry"("contact_id", "seq");

-- CreateIndex
CREATE INDEX "gate_contact_id_idx" ON "gate"("contact_id");

-- CreateIndex
CREATE INDEX "link_token_message_id_idx" ON "link_token"("message_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_message_idempotency_key_key" ON "service_message"("idempotency_key");

-- CreateIndex
CREATE INDEX "service_message_state_retry_at_idx" ON "service_message"("state", "retry_at");

-- CreateIndex
CREATE INDEX "service_message_address_key_template_created_at_idx" ON "service_message"("address_key", "template", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "signup_form_key_key" ON "signup_form"("key");

-- CreateIndex
CREATE UNIQUE INDEX "signup_token_hash_key" ON "signup"("token_hash");

-- CreateIndex
CREATE INDEX "signup_address_key_created_at_idx" ON "signup"("address_key", "created_at");

-- CreateIndex
CREATE INDEX "signup_state_expires_at_idx" ON "signup"("state", "expires_at");

-- CreateIndex
CREATE INDEX "import_row_import_id_verdict_line_idx" ON "import_row"("import_id", "verdict", "line");

-- CreateIndex
CREATE UNIQUE INDEX "dispatch_campaign_id_key" ON "dispatch"("campaign_id");

-- CreateIndex
CREATE INDEX "dispatch_state_idx" ON "dispatch"("state");

-- CreateIndex
CREATE INDEX "batch_state_retry_at_idx" ON "batch"("state", "retry_at");

-- CreateIndex
CREATE UNIQUE INDEX "batch_dispatch_id_number_key" ON "batch"("dispatch_id", "number");

-- CreateIndex
CREATE INDEX "message_batch_id_idx" ON "message"("batch_id");

-- CreateIndex
CREATE INDEX "message_contact_id_idx" ON "message"("contact_id");

-- CreateIndex
CREATE INDEX "message_address_key_idx" ON "message"("address_key");

-- CreateIndex
CREATE UNIQUE INDEX "message_dispatch_id_address_key_copy_key" ON "message"("dispatch_id", "address_key", "copy");

-- CreateIndex
CREATE UNIQUE INDEX "message_dispatch_id_contact_id_key" ON "message"("dispatch_id", "contact_id");

-- CreateIndex
CREATE INDEX "campaign_state_idx" ON "campaign"("state");

-- CreateIndex
CREATE INDEX "provider_event_type_received_at_idx" ON "provider_event"("type", "received_at");

-- CreateIndex
CREATE INDEX "provider_event_message_id_idx" ON "provider_event"("message_id");

-- CreateIndex
CREATE INDEX "provider_event_applied_at_id_idx" ON "provider_event"("applied_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_event_provider_provider_event_id_key" ON "provider_event"("provider", "provider_event_id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_staff_id_fkey" FOREIGN KEY ("staff_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signup" ADD CONSTRAINT "signup_form_id_fkey" FOREIGN KEY ("form_id") REFERENCES "signup_form"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A UUID version 7 made by the database, for rows that are written set by set (RFC 9562).
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid())
      PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

ALTER TABLE message ADD CONSTRAINT message_state CHECK (state IN ('PLANNED', 'HANDED_OVER', 'ACCEPTED',
  'DELIVERED', 'BOUNCED', 'DROPPED', 'EXPIRED', 'NO_TERMINAL_EVENT', 'REJECTED', 'RETRY_WAIT', 'UNKNOWN',
  'NO_EVIDENCE', 'WITHHELD', 'CANCELLED')),
  ADD CONSTRAINT message_reason CHECK ((state = 'WITHHELD') = (reason IS NOT NULL));
ALTER TABLE batch ADD CONSTRAINT batch_state CHECK (state IN ('PLANNED', 'CLAIMED', 'DONE'));
ALTER TABLE dispatch ADD CONSTRAINT dispatch_state CHECK (state IN ('running', 'paused', 'cancelled', 'expired', 'finished'));

-- Frozen means frozen: what was sent can be shown for as long as it is kept.
CREATE FUNCTION content_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'content versions are never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER content_version_is_frozen
  BEFORE UPDATE ON content_version
  FOR EACH ROW EXECUTE FUNCTION content_version_is_frozen();

-- audit_entry is append-only: what was done, and who read whom, is not rewritten.
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_entry_append_only
  BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();

CREATE TRIGGER audit_entry_no_truncate
  BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();

-- Search by the beginning of a name; text_pattern_ops because LIKE 'x%' cannot use a collated index.
CREATE INDEX contact_first_name_beginning ON contact (lower(first_name) text_pattern_ops);
CREATE INDEX contact_last_name_beginning ON contact (lower(last_name) text_pattern_ops);

-- ledger_entry is append-only. The sealer gives each entry its place in the chain once; nothing else ever changes.
CREATE FUNCTION ledger_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.position IS NULL AND OLD.prev_hash IS NULL AND OLD.hash IS NULL
      AND NEW.position IS NOT NULL AND NEW.prev_hash IS NOT NULL AND NEW.hash IS NOT NULL
      AND to_jsonb(NEW) - ARRAY['position', 'prev_hash', 'hash']
        = to_jsonb(OLD) - ARRAY['position', 'prev_hash', 'hash']
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'ledger_entry is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_entry_append_only
  BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION ledger_entry_append_only();

CREATE TRIGGER ledger_entry_no_truncate
  BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_append_only();

-- A gate row is never removed: without it a standing no would look like an address nobody knows.
CREATE FUNCTION gate_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'gate rows are never deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER gate_is_kept
  BEFORE DELETE ON gate
  FOR EACH ROW EXECUTE FUNCTION gate_is_kept();

CREATE TRIGGER gate_no_truncate
  BEFORE TRUNCATE ON gate
  FOR EACH STATEMENT EXECUTE FUNCTION gate_is_kept();

-- A link never expires (a click three years later counts), so its row stays; only what names a person is emptied.
CREATE FUNCTION link_token_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'link tokens are never deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER link_token_is_kept
  BEFORE DELETE ON link_token
  FOR EACH ROW EXECUTE FUNCTION link_token_is_kept();

ALTER TABLE ledger_entry
  ADD CONSTRAINT ledger_entry_kind CHECK (kind IN ('grant', 'grant_pending', 'withdraw', 'opt_out', 'pause',
    'undeliverable', 'deliverable', 'restrict', 'unrestrict', 'erase')),
  ADD CONSTRAINT ledger_entry_scope CHECK (scope IN ('all', 'channel', 'topic')
    AND (scope <> 'topic' OR topic_id IS NOT NULL) AND (scope <> 'channel' OR channel IS NOT NULL)),
  ADD CONSTRAINT ledger_entry_channel CHECK (channel IN ('email', 'sms')),
  ADD CONSTRAINT ledger_entry_about CHECK (address_key IS NOT NULL OR contact_id IS NOT NULL),
  ADD CONSTRAINT ledger_entry_key CHECK (octet_length(address_key) = 32 AND (address_key IS NULL) = (key_version IS NULL)),
  ADD CONSTRAINT ledger_entry_ground CHECK (ground IN ('CONSENT', 'SOFT_OPT_IN', 'LEGAL_PERSON')
    AND (kind <> 'grant' OR ground IS NOT NULL));

-- What the sealer takes next, and the caller's own reference of an opt-out that came by the API.
CREATE INDEX ledger_entry_unsealed ON ledger_entry (seq) WHERE position IS NULL;
CREATE INDEX ledger_entry_reference ON ledger_entry ((evidence ->> 'reference')) WHERE evidence ? 'reference';
