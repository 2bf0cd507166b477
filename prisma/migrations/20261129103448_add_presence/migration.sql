-- CreateTable
CREATE TABLE "presence" (
    "issueId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "seenAt" BIGINT NOT NULL,

    PRIMARY KEY ("issueId", "userId", "place")
);

-- CreateIndex
CREATE INDEX "presence_seenAt_idx" ON "presence"("seenAt");
