-- On PostgreSQL: answers kept by versions before this one may hold the password of a demo account.
DELETE FROM "documents" WHERE "type" IN ('answers', 'betaAppReviewDetails');
