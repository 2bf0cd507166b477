export { addImport as POST } from '@/lib/http/people-routes';
