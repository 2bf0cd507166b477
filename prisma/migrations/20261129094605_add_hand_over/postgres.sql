-- CreateTable
CREATE TABLE "feedbackExports" (
    "id" TEXT COLLATE "C" NOT NULL,
    "userId" TEXT COLLATE "C" NOT NULL,
    "format" TEXT COLLATE "C" NOT NULL,
    "reports" TEXT COLLATE "C" NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "feedbackExports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connectors" (
    "id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "baseUrl" TEXT COLLATE "C" NOT NULL,
    "isInternal" BOOLEAN NOT NULL DEFAULT false,
    "project" TEXT COLLATE "C",
    "itemType" TEXT COLLATE "C",
    "login" TEXT COLLATE "C",
    "sealedSecret" TEXT COLLATE "C" NOT NULL,
    "keyVersion" INTEGER NOT NULL DEFAULT 1,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "title" TEXT COLLATE "C" NOT NULL,
    "body" TEXT COLLATE "C" NOT NULL,
    "doesResolve" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,
    "removedAt" BIGINT,

    CONSTRAINT "connectors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "handovers" (
    "id" TEXT COLLATE "C" NOT NULL,
    "connectorId" TEXT COLLATE "C" NOT NULL,
    "issueId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C",
    "state" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "body" TEXT COLLATE "C" NOT NULL,
    "guard" TEXT COLLATE "C",
    "turn" INTEGER NOT NULL DEFAULT 1,
    "turnUntil" BIGINT NOT NULL,
    "sentAt" BIGINT NOT NULL,
    "sends" INTEGER NOT NULL DEFAULT 1,
    "looks" INTEGER NOT NULL DEFAULT 0,
    "trouble" TEXT COLLATE "C",
    "key" TEXT COLLATE "C",
    "remoteId" TEXT COLLATE "C",
    "url" TEXT COLLATE "C",
    "isClosed" BOOLEAN,
    "remoteState" TEXT COLLATE "C",
    "stateAt" BIGINT,
    "stateAfter" BIGINT,
    "stateTrouble" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",

    CONSTRAINT "handovers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shareLinks" (
    "id" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "targetId" TEXT COLLATE "C" NOT NULL,
    "hasPictures" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C" NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "revokedBy" TEXT COLLATE "C",
    "opened" INTEGER NOT NULL DEFAULT 0,
    "openedAt" BIGINT,

    CONSTRAINT "shareLinks_pkey" PRIMARY KEY ("id")
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
