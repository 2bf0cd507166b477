export { createShare as POST, readShares as GET } from '@/lib/http/routes/share-routes';
