-- CreateTable
CREATE TABLE "noteTemplates" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "texts" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateIndex
CREATE INDEX "noteTemplates_accountId_appId_idx" ON "noteTemplates"("accountId", "appId");
