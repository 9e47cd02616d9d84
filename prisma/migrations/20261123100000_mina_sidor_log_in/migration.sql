-- People logged in to Mina sidor, how they got in, and what has counted once.
CREATE TABLE "learner_session" (
    "token_hash" BYTEA NOT NULL,
    "id" UUID NOT NULL,
    "contact_id" UUID NOT NULL,
    "via" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "learner_session_pkey" PRIMARY KEY ("token_hash"),
    CONSTRAINT learner_session_via CHECK (via IN ('token', 'oidc', 'link'))
);
CREATE UNIQUE INDEX "learner_session_id_key" ON "learner_session"("id");

CREATE TABLE "login_link" (
    "token_hash" BYTEA NOT NULL,
    "contact_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_link_pkey" PRIMARY KEY ("token_hash")
);

CREATE TABLE "spent_token" (
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "spent_token_pkey" PRIMARY KEY ("hash")
);
