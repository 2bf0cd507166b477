export { createHandover as POST, readHandovers as GET } from '@/lib/http/routes/connector-routes';
