-- CreateTable
CREATE TABLE "digests" (
    "userId" TEXT NOT NULL PRIMARY KEY,
    "isOn" BOOLEAN NOT NULL DEFAULT false,
    "weekday" INTEGER NOT NULL,
    "hour" INTEGER NOT NULL,
    "timeZone" TEXT NOT NULL,
    "apps" TEXT,
    "since" BIGINT NOT NULL,
    "slot" BIGINT,
    "state" TEXT NOT NULL DEFAULT 'idle',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sendingAt" BIGINT,
    "notBefore" BIGINT NOT NULL DEFAULT 0,
    "mayRepeat" BOOLEAN NOT NULL DEFAULT false,
    "trouble" TEXT,
    "told" TEXT,
    "toldAt" BIGINT,
    "updatedAt" BIGINT NOT NULL
);
