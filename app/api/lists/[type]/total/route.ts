export { readTotal as GET } from '@/lib/http/routes/list-routes';
