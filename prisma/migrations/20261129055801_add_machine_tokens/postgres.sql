-- CreateTable
CREATE TABLE "machineTokens" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "ending" TEXT COLLATE "C" NOT NULL,
    "permissions" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C" NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "revokedBy" TEXT COLLATE "C",
    "lastUsedAt" BIGINT,

    CONSTRAINT "machineTokens_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "machineTokens_hash_key" ON "machineTokens"("hash");
