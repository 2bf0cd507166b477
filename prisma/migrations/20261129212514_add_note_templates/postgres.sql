-- CreateTable
CREATE TABLE "noteTemplates" (
    "id" TEXT COLLATE "C" NOT NULL,
    "accountId" TEXT COLLATE "C" NOT NULL,
    "appId" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "texts" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT COLLATE "C",
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT COLLATE "C",

    CONSTRAINT "noteTemplates_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "noteTemplates_accountId_appId_idx" ON "noteTemplates"("accountId", "appId");
