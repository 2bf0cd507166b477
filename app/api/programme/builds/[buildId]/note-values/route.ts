export { readNoteValues as GET } from '@/lib/http/routes/note-routes';
