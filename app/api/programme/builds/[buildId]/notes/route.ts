export { putNotes as PUT } from '@/lib/http/routes/note-routes';
