-- CreateTable
CREATE TABLE "buildDays" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "buildId" TEXT COLLATE "C" NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "inviteCount" INTEGER,
    "installCount" INTEGER,
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "readAt" BIGINT NOT NULL,

    CONSTRAINT "buildDays_pkey" PRIMARY KEY ("accountId","buildId","day")
);

-- CreateIndex
CREATE INDEX "builds_accountId_preReleaseVersionId_uploadedDate_idx" ON "builds"("accountId", "preReleaseVersionId", "uploadedDate");
