export { readSharedPicture as GET } from '@/lib/http/routes/share-routes';
