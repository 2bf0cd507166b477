export { addClone as POST } from '@/lib/http/routes/group-routes';
