-- AlterTable
ALTER TABLE "notices" ADD COLUMN "jobId" TEXT;

-- CreateIndex
CREATE INDEX "notices_jobId_idx" ON "notices"("jobId");
