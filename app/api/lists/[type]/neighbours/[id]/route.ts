export { readNeighbours as GET } from '@/lib/http/routes/list-routes';
