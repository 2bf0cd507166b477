-- DropIndex
DROP INDEX "jobItems_jobId_status_idx";

-- AlterTable
ALTER TABLE "jobItems" ADD COLUMN "label" TEXT;
ALTER TABLE "jobItems" ADD COLUMN "reconciledAt" BIGINT;

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN "createdByEmail" TEXT;
ALTER TABLE "jobs" ADD COLUMN "pace" TEXT;
ALTER TABLE "jobs" ADD COLUMN "scheduledAt" BIGINT;
ALTER TABLE "jobs" ADD COLUMN "waitReason" TEXT;
ALTER TABLE "jobs" ADD COLUMN "waitUntil" BIGINT;

-- CreateIndex
CREATE INDEX "jobItems_jobId_status_position_idx" ON "jobItems"("jobId", "status", "position");

-- CreateIndex
CREATE INDEX "jobItems_jobId_finishedAt_idx" ON "jobItems"("jobId", "finishedAt");
