export { showHandover as POST } from '@/lib/http/routes/connector-routes';
