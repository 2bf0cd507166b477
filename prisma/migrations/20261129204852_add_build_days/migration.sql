-- CreateTable
CREATE TABLE "buildDays" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "buildId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "inviteCount" INTEGER,
    "installCount" INTEGER,
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "readAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "buildId", "day")
);

-- CreateIndex
CREATE INDEX "builds_accountId_preReleaseVersionId_uploadedDate_idx" ON "builds"("accountId", "preReleaseVersionId", "uploadedDate");
