-- CreateTable
CREATE TABLE "shipTemplates" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "appId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "choices" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" BIGINT NOT NULL,
    "createdBy" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "updatedBy" TEXT
);

-- CreateIndex
CREATE INDEX "shipTemplates_accountId_appId_idx" ON "shipTemplates"("accountId", "appId");
