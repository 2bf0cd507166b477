export { readShared as GET } from '@/lib/http/routes/share-routes';
