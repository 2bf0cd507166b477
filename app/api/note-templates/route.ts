export { createTemplate as POST, readTemplates as GET } from '@/lib/http/routes/note-routes';
