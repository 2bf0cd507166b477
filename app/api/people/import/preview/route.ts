export { readImportPreview as POST } from '@/lib/http/people-routes';
