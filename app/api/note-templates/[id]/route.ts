export { deleteTemplate as DELETE, editTemplate as PUT } from '@/lib/http/routes/note-routes';
