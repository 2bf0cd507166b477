-- CreateTable
CREATE TABLE "digests" (
    "userId" TEXT COLLATE "C" NOT NULL,
    "isOn" BOOLEAN NOT NULL DEFAULT false,
    "weekday" INTEGER NOT NULL,
    "hour" INTEGER NOT NULL,
    "timeZone" TEXT COLLATE "C" NOT NULL,
    "apps" TEXT COLLATE "C",
    "since" BIGINT NOT NULL,
    "slot" BIGINT,
    "state" TEXT COLLATE "C" NOT NULL DEFAULT 'idle',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "sendingAt" BIGINT,
    "notBefore" BIGINT NOT NULL DEFAULT 0,
    "mayRepeat" BOOLEAN NOT NULL DEFAULT false,
    "trouble" TEXT COLLATE "C",
    "told" TEXT COLLATE "C",
    "toldAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "digests_pkey" PRIMARY KEY ("userId")
);
