-- DropIndex
DROP INDEX "feedback_createdDate_id_idx";

-- AlterTable
ALTER TABLE "feedback" ADD COLUMN     "commentWords" TEXT COLLATE "C";

-- CreateTable
CREATE TABLE "feedbackWords" (
    "rowKey" SERIAL NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "comment" TEXT COLLATE "C" NOT NULL DEFAULT '',
    "log" TEXT COLLATE "C" NOT NULL DEFAULT '',

    CONSTRAINT "feedbackWords_pkey" PRIMARY KEY ("rowKey")
);

-- CreateIndex
CREATE UNIQUE INDEX "feedbackWords_accountId_feedbackId_key" ON "feedbackWords"("accountId", "feedbackId");

-- CreateIndex
CREATE INDEX "feedback_createdDate_id_accountId_idx"
  ON "feedback" ("createdDate" NULLS FIRST, "id" NULLS FIRST, "accountId" NULLS FIRST);

-- CreateIndex
CREATE INDEX "feedback_appId_createdDate_id_accountId_idx"
  ON "feedback" ("appId", "createdDate" NULLS FIRST, "id" NULLS FIRST, "accountId" NULLS FIRST);

-- What a report says stands beside it for the index, and goes with it. The index itself is made at the start, where the
-- extension pg_trgm may be created.
CREATE FUNCTION "keepFeedbackWords"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM "feedbackWords" WHERE "accountId" = old."accountId" AND "feedbackId" = old."id";
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO "feedbackWords" ("accountId", "feedbackId", "comment")
    VALUES (new."accountId", new."id", coalesce(new."commentWords", ''));
  ELSIF old."commentWords" IS DISTINCT FROM new."commentWords" THEN
    UPDATE "feedbackWords" SET "comment" = coalesce(new."commentWords", '')
    WHERE "accountId" = new."accountId" AND "feedbackId" = new."id";
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "feedback_words" AFTER INSERT OR DELETE OR UPDATE OF "commentWords" ON "feedback"
  FOR EACH ROW EXECUTE FUNCTION "keepFeedbackWords"();

-- Reports that are here already: logs are read again.
INSERT INTO "feedbackWords" ("accountId", "feedbackId") SELECT "accountId", "id" FROM "feedback";
UPDATE "feedback" SET "commentWords" = CASE WHEN "comment" LIKE '%@%' THEN NULL ELSE fold("comment") END;
UPDATE "feedback" SET "rule" = 0 WHERE "logState" = 'stored' AND "rule" IS NOT NULL;
