export { addClone as POST } from '@/lib/http/group-routes';
