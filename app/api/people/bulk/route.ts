export { addBulk as POST } from '@/lib/http/routes/people-routes';
