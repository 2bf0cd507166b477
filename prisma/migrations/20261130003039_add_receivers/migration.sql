-- CreateTable
CREATE TABLE "receivers" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "webhookId" TEXT,
    "url" TEXT NOT NULL,
    "sealedSecret" TEXT NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "formerSecret" TEXT,
    "formerUntil" BIGINT,
    "receivedAt" BIGINT,
    "pingedAt" BIGINT,
    "readTo" TEXT,
    "checkedAt" BIGINT,
    "trouble" TEXT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "receivedEvents" (
    "receiverId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "instanceType" TEXT,
    "instanceId" TEXT,
    "origin" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "payload" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT NOT NULL DEFAULT 0,
    "trouble" TEXT,
    "receivedAt" BIGINT NOT NULL,
    "doneAt" BIGINT,

    PRIMARY KEY ("receiverId", "id")
);

-- CreateIndex
CREATE UNIQUE INDEX "receivers_path_key" ON "receivers"("path");

-- CreateIndex
CREATE UNIQUE INDEX "receivers_accountId_appId_key" ON "receivers"("accountId", "appId");

-- CreateIndex
CREATE INDEX "receivedEvents_state_notBefore_idx" ON "receivedEvents"("state", "notBefore");

-- CreateIndex
CREATE INDEX "receivedEvents_receivedAt_idx" ON "receivedEvents"("receivedAt");
