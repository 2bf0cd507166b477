export { readPersonErasure as GET } from '@/lib/http/routes/person-routes';
