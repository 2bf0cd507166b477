export { tryConnector as POST } from '@/lib/http/routes/connector-routes';
