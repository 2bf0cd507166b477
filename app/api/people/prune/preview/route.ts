export { readPrunePreview as POST } from '@/lib/http/routes/people-routes';
