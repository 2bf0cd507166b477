-- DropIndex
DROP INDEX "feedback_createdDate_id_idx";

-- AlterTable
ALTER TABLE "feedback" ADD COLUMN "commentWords" TEXT;

-- CreateTable
CREATE TABLE "feedbackWords" (
    "rowKey" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "accountId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "comment" TEXT NOT NULL DEFAULT '',
    "log" TEXT NOT NULL DEFAULT ''
);

-- CreateIndex
CREATE UNIQUE INDEX "feedbackWords_accountId_feedbackId_key" ON "feedbackWords"("accountId", "feedbackId");

-- CreateIndex
CREATE INDEX "feedback_createdDate_id_accountId_idx" ON "feedback"("createdDate", "id", "accountId");

-- CreateIndex
CREATE INDEX "feedback_appId_createdDate_id_accountId_idx" ON "feedback"("appId", "createdDate", "id", "accountId");

-- What a report says stands beside it for the index, and goes with it.
CREATE TRIGGER "feedback_words_insert" AFTER INSERT ON "feedback" BEGIN
  INSERT INTO "feedbackWords" ("accountId", "feedbackId", "comment")
  VALUES (new."accountId", new."id", coalesce(new."commentWords", ''));
END;
CREATE TRIGGER "feedback_words_update" AFTER UPDATE OF "commentWords" ON "feedback"
WHEN old."commentWords" IS NOT new."commentWords" BEGIN
  UPDATE "feedbackWords" SET "comment" = coalesce(new."commentWords", '')
  WHERE "accountId" = new."accountId" AND "feedbackId" = new."id";
END;
CREATE TRIGGER "feedback_words_delete" AFTER DELETE ON "feedback" BEGIN
  DELETE FROM "feedbackWords" WHERE "accountId" = old."accountId" AND "feedbackId" = old."id";
END;

CREATE VIRTUAL TABLE "feedbackSearch" USING fts5(text, content='', contentless_delete=1, tokenize='trigram');
INSERT INTO "feedbackSearch" ("feedbackSearch", "rank") VALUES ('automerge', 16);
INSERT INTO "feedbackSearch" ("feedbackSearch", "rank") VALUES ('crisismerge', 64);
CREATE TRIGGER "feedbackWords_search_insert" AFTER INSERT ON "feedbackWords" BEGIN
  INSERT INTO "feedbackSearch" (rowid, text) VALUES (new."rowKey", new."comment" || char(10) || new."log");
END;
CREATE TRIGGER "feedbackWords_search_update" AFTER UPDATE OF "comment", "log" ON "feedbackWords"
WHEN old."comment" <> new."comment" OR old."log" <> new."log" BEGIN
  DELETE FROM "feedbackSearch" WHERE rowid = old."rowKey";
  INSERT INTO "feedbackSearch" (rowid, text) VALUES (new."rowKey", new."comment" || char(10) || new."log");
END;
CREATE TRIGGER "feedbackWords_search_delete" AFTER DELETE ON "feedbackWords" BEGIN
  DELETE FROM "feedbackSearch" WHERE rowid = old."rowKey";
END;

-- Reports that are here already: logs are read again, comments are known without their accents when they are next read.
INSERT INTO "feedbackWords" ("accountId", "feedbackId") SELECT "accountId", "id" FROM "feedback";
UPDATE "feedback" SET "commentWords" = CASE WHEN "comment" LIKE '%@%' THEN NULL ELSE lower("comment") END;
UPDATE "feedback" SET "rule" = 0 WHERE "logState" = 'stored' AND "rule" IS NOT NULL;
