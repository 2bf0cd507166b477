-- DropIndex
DROP INDEX "builds_newest_idx";

-- CreateIndex
CREATE INDEX "builds_newest_idx" ON "builds"("accountId", "preReleaseVersionId", "uploadedDate", "processingState", "expired", "internalBuildState", "externalBuildState");
