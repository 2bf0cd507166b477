-- Merging the index's segments later and less often keeps the transactions of a sync short: measured, the 95th
-- percentile of a page of 200 testers halves, and a search takes a few milliseconds more.
INSERT INTO "testerSearch" ("testerSearch", "rank") VALUES ('automerge', 16);
INSERT INTO "testerSearch" ("testerSearch", "rank") VALUES ('crisismerge', 64);
