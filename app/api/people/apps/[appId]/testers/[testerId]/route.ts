export { readTesterPage as GET } from '@/lib/http/tester-routes';
