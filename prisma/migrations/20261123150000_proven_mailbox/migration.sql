-- Whoever logs in by a mailed link reads that mailbox; it is kept by its key. A portal's token shows no mailbox.
ALTER TABLE "learner_session" ADD COLUMN "mailbox_key" BYTEA;
ALTER TABLE "learner_session" ADD CONSTRAINT learner_session_mailbox CHECK (via <> 'token' OR mailbox_key IS NULL);
ALTER TABLE "login_link" ADD COLUMN "mailbox_key" BYTEA;
