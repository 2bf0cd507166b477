export { addBulk as POST } from '@/lib/http/people-routes';
