export { readFacet as GET } from '@/lib/http/list-routes';
