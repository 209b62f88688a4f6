-- Every close updates its instrument's row: room on the page keeps the new version beside the old one, out of the indexes.
ALTER TABLE instrument SET (fillfactor = 50);
