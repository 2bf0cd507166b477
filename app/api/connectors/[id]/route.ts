export { deleteConnector as DELETE, editConnector as PUT } from '@/lib/http/routes/connector-routes';
