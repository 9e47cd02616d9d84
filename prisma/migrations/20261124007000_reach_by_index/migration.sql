-- Their plans are made once in a session, perhaps while the tables are empty, when reading all of them looks cheapest:
-- the first million people then took a thousand times as long as they should. By index is right at every size.
ALTER FUNCTION reach_write(uuid[]) SET enable_seqscan = off;
ALTER FUNCTION reach_keep() SET enable_seqscan = off;
