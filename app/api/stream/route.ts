export { stream as GET } from '@/lib/http/routes/live-routes';
