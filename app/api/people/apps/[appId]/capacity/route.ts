export { readCapacity as GET } from '@/lib/http/tester-routes';
