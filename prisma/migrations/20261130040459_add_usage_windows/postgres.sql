-- CreateTable
CREATE TABLE "usageWindows" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "metric" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "start" TEXT COLLATE "C" NOT NULL,
    "end" TEXT COLLATE "C" NOT NULL,
    "activeTesters" INTEGER,
    "inviteCount" INTEGER,
    "installCount" INTEGER,
    "sessionCount" INTEGER,
    "crashCount" INTEGER,
    "feedbackCount" INTEGER,
    "viewCount" INTEGER,
    "acceptedCount" INTEGER,
    "didNotAcceptCount" INTEGER,
    "didNotMeetCriteriaCount" INTEGER,
    "day" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "usageWindows_pkey" PRIMARY KEY ("accountId","metric","type","id","start","end")
);

-- CreateIndex
CREATE INDEX "usageWindows_accountId_appId_metric_day_idx" ON "usageWindows"("accountId", "appId", "metric", "day");

-- CreateIndex
CREATE INDEX "buildDays_accountId_appId_day_idx" ON "buildDays"("accountId", "appId", "day");
