-- CreateTable
CREATE TABLE "appIcons" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "templateUrl" TEXT NOT NULL,
    "contentType" TEXT,
    "bytes" BLOB,
    "fetchedAt" BIGINT NOT NULL,

    PRIMARY KEY ("accountId", "appId")
);
