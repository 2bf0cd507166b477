-- CreateTable
CREATE TABLE "snoozes" (
    "light" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C",
    "level" TEXT COLLATE "C" NOT NULL,
    "until" BIGINT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",

    CONSTRAINT "snoozes_pkey" PRIMARY KEY ("light")
);

-- CreateIndex
CREATE INDEX "testerDays_accountId_appId_day_idx" ON "testerDays"("accountId", "appId", "day");
