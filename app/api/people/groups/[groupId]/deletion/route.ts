export { readDeletion as GET } from '@/lib/http/group-routes';
