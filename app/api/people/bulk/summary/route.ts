export { readSelection as POST } from '@/lib/http/tester-routes';
