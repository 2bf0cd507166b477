export { readPrunePreview as POST } from '@/lib/http/people-routes';
