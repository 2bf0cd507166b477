-- CreateTable
CREATE TABLE "deviceDays" (
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "platform" TEXT COLLATE "C" NOT NULL,
    "number" TEXT COLLATE "C" NOT NULL,
    "devices" INTEGER NOT NULL,

    CONSTRAINT "deviceDays_pkey" PRIMARY KEY ("accountId","appId","day","platform","number")
);
