-- AlterTable
ALTER TABLE "auditEntries" ADD COLUMN "appleRequestId" TEXT;
ALTER TABLE "auditEntries" ADD COLUMN "outcomeHash" TEXT;

-- CreateIndex
CREATE INDEX "auditEntries_undoOf_idx" ON "auditEntries"("undoOf");

-- The trail is append-only: an intent never changes, and an outcome is written once (an unknown one may be resolved).
CREATE TRIGGER "auditEntries_keep" BEFORE DELETE ON "auditEntries" BEGIN
  SELECT RAISE(ABORT, 'The audit trail is append-only.');
END;
CREATE TRIGGER "auditEntries_intent" BEFORE UPDATE OF "seq", "id", "at", "actorId", "actorEmail", "accountId", "appId", "action", "type",
  "resourceId", "label", "before", "requestId", "jobId", "undoOf", "previousHash", "hash" ON "auditEntries" BEGIN
  SELECT RAISE(ABORT, 'The audit trail is append-only.');
END;
CREATE TRIGGER "auditEntries_outcome" BEFORE UPDATE ON "auditEntries" WHEN OLD."status" NOT IN ('pending', 'unknown') BEGIN
  SELECT RAISE(ABORT, 'The outcome of this entry is already known.');
END;
