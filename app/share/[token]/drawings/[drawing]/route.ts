export { readSharedDrawing as GET } from '@/lib/http/routes/share-routes';
