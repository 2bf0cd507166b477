export { readBulkPreview as POST } from '@/lib/http/routes/people-routes';
