export { readTesterPage as GET } from '@/lib/http/routes/tester-routes';
