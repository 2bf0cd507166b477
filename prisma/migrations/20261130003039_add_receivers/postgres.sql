-- CreateTable
CREATE TABLE "receivers" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "webhookId" TEXT COLLATE "C",
    "url" TEXT COLLATE "C" NOT NULL,
    "sealedSecret" TEXT COLLATE "C" NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "formerSecret" TEXT COLLATE "C",
    "formerUntil" BIGINT,
    "receivedAt" BIGINT,
    "pingedAt" BIGINT,
    "readTo" TEXT COLLATE "C",
    "checkedAt" BIGINT,
    "trouble" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "receivers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receivedEvents" (
    "receiverId" TEXT COLLATE "C" NOT NULL,
    "id" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "instanceType" TEXT COLLATE "C",
    "instanceId" TEXT COLLATE "C",
    "origin" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "payload" TEXT COLLATE "C" NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "notBefore" BIGINT NOT NULL DEFAULT 0,
    "trouble" TEXT COLLATE "C",
    "receivedAt" BIGINT NOT NULL,
    "doneAt" BIGINT,

    CONSTRAINT "receivedEvents_pkey" PRIMARY KEY ("receiverId","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "receivers_path_key" ON "receivers"("path");

-- CreateIndex
CREATE UNIQUE INDEX "receivers_accountId_appId_key" ON "receivers"("accountId", "appId");

-- CreateIndex
CREATE INDEX "receivedEvents_state_notBefore_idx" ON "receivedEvents"("state", "notBefore");

-- CreateIndex
CREATE INDEX "receivedEvents_receivedAt_idx" ON "receivedEvents"("receivedAt");
