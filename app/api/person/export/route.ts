export { createPersonExport as POST } from '@/lib/http/routes/person-routes';
