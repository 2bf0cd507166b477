export { showTemplate as POST } from '@/lib/http/routes/connector-routes';
