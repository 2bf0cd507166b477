export { readCrashLog as GET } from '@/lib/http/routes/crash-routes';
