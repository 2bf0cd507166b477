-- CreateTable
CREATE TABLE "announcements" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "topic" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "xact" BIGINT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "announcements_xact_idx" ON "announcements"("xact");
