export { readBulkPreview as POST } from '@/lib/http/people-routes';
