export { addRestore as POST } from '@/lib/http/people-routes';
