-- "Färre utskick": somebody may choose at most one marketing message every thirty days, and take that back.
ALTER TABLE gate ADD COLUMN "fewer" BOOLEAN NOT NULL DEFAULT false;

-- What the entries say already has been checked; only the list gets longer.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind;
ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind CHECK (kind IN ('grant', 'grant_pending', 'withdraw',
  'opt_out', 'pause', 'fewer', 'undeliverable', 'deliverable', 'restrict', 'unrestrict', 'erase')) NOT VALID;

-- The count before a send asks for it, and one function that is not safe makes all of a statement run alone.
ALTER FUNCTION months.first_id(date) PARALLEL SAFE;
