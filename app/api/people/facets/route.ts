export { readFacets as GET } from '@/lib/http/tester-routes';
