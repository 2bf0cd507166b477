export { readTesterUsages as GET } from '@/lib/http/routes/tester-routes';
