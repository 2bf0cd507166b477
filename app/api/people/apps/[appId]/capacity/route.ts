export { readCapacity as GET } from '@/lib/http/routes/tester-routes';
