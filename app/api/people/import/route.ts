export { addImport as POST } from '@/lib/http/routes/people-routes';
