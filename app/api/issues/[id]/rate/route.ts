export { readRate as GET } from '@/lib/http/routes/crash-routes';
