export { readImportPreview as POST, readImportRows as GET } from '@/lib/http/routes/people-routes';
