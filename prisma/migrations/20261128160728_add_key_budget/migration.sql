-- CreateTable
CREATE TABLE "keyBudgets" (
    "scope" TEXT NOT NULL PRIMARY KEY,
    "blockedUntil" BIGINT,
    "perMinute" INTEGER,
    "refusedAt" INTEGER,
    "learnedAt" BIGINT,
    "hourLimit" INTEGER,
    "hourRemaining" INTEGER,
    "observedAt" BIGINT
);

-- CreateTable
CREATE TABLE "keySpending" (
    "scope" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "second" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,

    PRIMARY KEY ("scope", "owner", "second")
);
