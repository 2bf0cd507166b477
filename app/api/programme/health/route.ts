export { readHealth as GET } from '@/lib/http/routes/health-routes';
