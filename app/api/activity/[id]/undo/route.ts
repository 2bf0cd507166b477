export { previewUndo as GET, undoChange as POST } from '@/lib/http/routes/own-routes';
