export { readActivityEntry as GET } from '@/lib/http/routes/own-routes';
