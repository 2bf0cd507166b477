export { undoChange as POST } from '@/lib/http/own-routes';
