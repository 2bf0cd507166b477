-- AlterTable
ALTER TABLE "crashLogs" ADD COLUMN "symbolsAt" BIGINT;

-- CreateTable
CREATE TABLE "symbolFiles" (
    "uuid" TEXT NOT NULL PRIMARY KEY,
    "arch" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "textAddress" TEXT NOT NULL,
    "textSize" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "accountId" TEXT,
    "appId" TEXT,
    "isForAll" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "sentBy" TEXT NOT NULL,
    "trouble" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "tryAfter" BIGINT NOT NULL DEFAULT 0
);

-- CreateTable
CREATE TABLE "symbolNeeds" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "feedbackId" TEXT NOT NULL,
    "uuid" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "arch" TEXT,
    "state" TEXT NOT NULL,

    PRIMARY KEY ("accountId", "feedbackId", "uuid")
);

-- CreateIndex
CREATE INDEX "symbolFiles_hash_idx" ON "symbolFiles"("hash");

-- CreateIndex
CREATE INDEX "symbolFiles_appId_idx" ON "symbolFiles"("appId");

-- CreateIndex
CREATE INDEX "symbolNeeds_uuid_state_idx" ON "symbolNeeds"("uuid", "state");

-- CreateIndex
CREATE INDEX "symbolNeeds_accountId_appId_state_idx" ON "symbolNeeds"("accountId", "appId", "state");

-- Logs that are here already are read again for the binaries that they need symbols of.
UPDATE "feedback" SET "rule" = 0 WHERE "logState" = 'stored';
