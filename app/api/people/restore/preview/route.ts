export { readRestorePreview as POST } from '@/lib/http/routes/people-routes';
