export { settleHandover as POST } from '@/lib/http/routes/connector-routes';
