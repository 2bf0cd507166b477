export { readImportPreview as POST } from '@/lib/http/routes/people-routes';
