export { createConnector as POST, readConnectors as GET } from '@/lib/http/routes/connector-routes';
