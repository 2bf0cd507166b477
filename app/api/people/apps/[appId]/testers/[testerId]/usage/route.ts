export { readTesterUsages as GET } from '@/lib/http/tester-routes';
