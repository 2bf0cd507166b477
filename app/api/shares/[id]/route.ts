export { deleteShare as DELETE } from '@/lib/http/routes/share-routes';
