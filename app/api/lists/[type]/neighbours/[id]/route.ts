export { readNeighbours as GET } from '@/lib/http/list-routes';
