export { readFacet as GET } from '@/lib/http/routes/list-routes';
