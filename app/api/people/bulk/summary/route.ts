export { readSelection as POST } from '@/lib/http/routes/tester-routes';
