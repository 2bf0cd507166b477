-- AlterTable
ALTER TABLE "auditEntries" ADD COLUMN     "redactedBy" TEXT COLLATE "C";

-- CreateTable
CREATE TABLE "erasures" (
    "id" TEXT COLLATE "C" NOT NULL,
    "addressHash" TEXT COLLATE "C" NOT NULL,
    "pseudonym" TEXT COLLATE "C" NOT NULL,
    "sealedAddress" TEXT COLLATE "C",
    "step" TEXT COLLATE "C" NOT NULL,
    "found" TEXT COLLATE "C" NOT NULL,
    "erased" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "files" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
    "auditId" TEXT COLLATE "C" NOT NULL,
    "auditHash" TEXT COLLATE "C" NOT NULL,
    "trouble" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "finishedAt" BIGINT,

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erasedReports" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "erasureId" TEXT COLLATE "C" NOT NULL,
    "isWhole" INTEGER NOT NULL,
    "testerId" TEXT COLLATE "C",
    "comment" TEXT COLLATE "C",
    "commentWords" TEXT COLLATE "C",
    "document" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "erasedReports_pkey" PRIMARY KEY ("accountId","feedbackId")
);

-- CreateTable
CREATE TABLE "erasedTesters" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "testerId" TEXT COLLATE "C" NOT NULL,
    "erasureId" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "erasedTesters_pkey" PRIMARY KEY ("accountId","testerId")
);

-- CreateIndex
CREATE INDEX "erasures_addressHash_idx" ON "erasures"("addressHash");

-- CreateIndex
CREATE INDEX "erasures_step_idx" ON "erasures"("step");

-- CreateIndex
CREATE INDEX "erasedReports_erasureId_idx" ON "erasedReports"("erasureId");

-- The trail stays append-only, but for one thing: a redaction, which stands in the trail and is under way, may take a
-- person out of what an older entry reads. What was done, when, by whom, and every hash stay.
DROP TRIGGER "auditEntries_intent" ON "auditEntries";
CREATE TRIGGER "auditEntries_intent" BEFORE UPDATE OF "seq", "id", "at", "actorId", "actorEmail", "accountId", "appId", "action", "type",
  "resourceId", "requestId", "jobId", "undoOf", "previousHash", "hash" ON "auditEntries"
  FOR EACH ROW EXECUTE FUNCTION "refuseAuditChange"('The audit trail is append-only.');
CREATE FUNCTION "keepAuditTexts"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new."redactedBy" IS NOT DISTINCT FROM old."redactedBy" OR NOT EXISTS (
    SELECT 1 FROM "auditEntries" AS r WHERE r."id" = new."redactedBy" AND r."seq" > old."seq"
    AND r."type" = 'auditEntries' AND r."action" = 'redact' AND r."status" = 'pending'
  ) THEN
    RAISE EXCEPTION 'The audit trail is append-only.';
  END IF;
  RETURN new;
END
$$;
CREATE TRIGGER "auditEntries_labels" BEFORE UPDATE OF "label", "before", "names", "redactedBy" ON "auditEntries"
  FOR EACH ROW EXECUTE FUNCTION "keepAuditTexts"();
DROP TRIGGER "auditEntries_outcome" ON "auditEntries";
CREATE TRIGGER "auditEntries_outcome" BEFORE UPDATE ON "auditEntries"
  FOR EACH ROW WHEN (OLD."status" NOT IN ('pending', 'unknown') AND (
    NEW."redactedBy" IS NOT DISTINCT FROM OLD."redactedBy" OR NEW."status" <> OLD."status"
    OR NEW."outcomeHash" IS DISTINCT FROM OLD."outcomeHash" OR NEW."finishedAt" IS DISTINCT FROM OLD."finishedAt"
    OR NEW."appleRequestId" IS DISTINCT FROM OLD."appleRequestId"
  ))
  EXECUTE FUNCTION "refuseAuditChange"('The outcome of this entry is already known.');
