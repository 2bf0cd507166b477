-- DropIndex
DROP INDEX "builds_accountId_preReleaseVersionId_uploadedDate_idx";

-- CreateIndex
CREATE INDEX "builds_newest_idx" ON "builds"("accountId", "preReleaseVersionId", "uploadedDate", "processingState", "expired");
