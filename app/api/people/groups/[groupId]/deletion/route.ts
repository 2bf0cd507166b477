export { readDeletion as GET } from '@/lib/http/routes/group-routes';
