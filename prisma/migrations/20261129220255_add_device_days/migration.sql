-- CreateTable
CREATE TABLE "deviceDays" (
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "day" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "devices" INTEGER NOT NULL,

    PRIMARY KEY ("accountId", "appId", "day", "platform", "number")
);
