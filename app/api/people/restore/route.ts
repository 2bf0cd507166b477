export { addRestore as POST } from '@/lib/http/routes/people-routes';
