-- AlterTable
ALTER TABLE "crashLogs" ADD COLUMN     "symbolsAt" BIGINT;

-- CreateTable
CREATE TABLE "symbolFiles" (
    "uuid" TEXT COLLATE "C" NOT NULL,
    "arch" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "size" INTEGER NOT NULL,
    "textAddress" TEXT COLLATE "C" NOT NULL,
    "textSize" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C",
    "appId" TEXT COLLATE "C",
    "isForAll" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "sentBy" TEXT COLLATE "C" NOT NULL,
    "trouble" TEXT COLLATE "C",
    "tries" INTEGER NOT NULL DEFAULT 0,
    "tryAfter" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "symbolFiles_pkey" PRIMARY KEY ("uuid")
);

-- CreateTable
CREATE TABLE "symbolNeeds" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "feedbackId" TEXT COLLATE "C" NOT NULL,
    "uuid" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "arch" TEXT COLLATE "C",
    "state" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "symbolNeeds_pkey" PRIMARY KEY ("accountId","feedbackId","uuid")
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
