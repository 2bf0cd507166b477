export { readExport as GET } from '@/lib/http/routes/people-routes';
