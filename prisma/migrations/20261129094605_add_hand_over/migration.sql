-- CreateTable
CREATE TABLE "feedbackExports" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "userId" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "reports" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "connectors" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "baseUrl" TEXT NOT NULL,
    "isInternal" BOOLEAN NOT NULL DEFAULT false,
    "project" TEXT,
    "itemType" TEXT,
    "login" TEXT,
    "sealedSecret" TEXT NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "accountId" TEXT,
    "appId" TEXT,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "doesResolve" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "removedAt" BIGINT
);

-- CreateTable
CREATE TABLE "handovers" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "connectorId" TEXT NOT NULL,
    "issueId" TEXT NOT NULL,
    "feedbackId" TEXT,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "guard" TEXT,
    "turn" INTEGER NOT NULL DEFAULT 1,
    "turnUntil" BIGINT NOT NULL,
    "sentAt" BIGINT NOT NULL,
    "sends" INTEGER NOT NULL DEFAULT 1,
    "looks" INTEGER NOT NULL DEFAULT 0,
    "trouble" TEXT,
    "key" TEXT,
    "remoteId" TEXT,
    "url" TEXT,
    "isClosed" BOOLEAN,
    "remoteState" TEXT,
    "stateAt" BIGINT,
    "stateAfter" BIGINT,
    "stateTrouble" TEXT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT
);

-- CreateTable
CREATE TABLE "shareLinks" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "targetId" TEXT NOT NULL,
    "hasPictures" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "revokedBy" TEXT,
    "opened" INTEGER NOT NULL DEFAULT 0,
    "openedAt" BIGINT
);

-- CreateIndex
CREATE INDEX "feedbackExports_createdAt_idx" ON "feedbackExports"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "handovers_guard_key" ON "handovers"("guard");

-- CreateIndex
CREATE INDEX "handovers_issueId_createdAt_idx" ON "handovers"("issueId", "createdAt");

-- CreateIndex
CREATE INDEX "handovers_state_turnUntil_idx" ON "handovers"("state", "turnUntil");

-- CreateIndex
CREATE INDEX "handovers_connectorId_stateAfter_idx" ON "handovers"("connectorId", "stateAfter");

-- CreateIndex
CREATE UNIQUE INDEX "shareLinks_hash_key" ON "shareLinks"("hash");

-- CreateIndex
CREATE INDEX "shareLinks_kind_targetId_idx" ON "shareLinks"("kind", "targetId");
