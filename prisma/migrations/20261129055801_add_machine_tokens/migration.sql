-- CreateTable
CREATE TABLE "machineTokens" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "ending" TEXT NOT NULL,
    "permissions" TEXT NOT NULL,
    "accountId" TEXT,
    "appId" TEXT,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "revokedAt" BIGINT,
    "revokedBy" TEXT,
    "lastUsedAt" BIGINT
);

-- CreateIndex
CREATE UNIQUE INDEX "machineTokens_hash_key" ON "machineTokens"("hash");
