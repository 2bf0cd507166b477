-- CreateTable
CREATE TABLE "shipTemplates" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "choices" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "shipTemplates_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "shipTemplates_accountId_appId_idx" ON "shipTemplates"("accountId", "appId");
