export { createNote as POST, deleteNote as DELETE, editNote as PATCH } from '@/lib/http/routes/triage-routes';
