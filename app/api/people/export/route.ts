export { readExport as GET } from '@/lib/http/people-routes';
