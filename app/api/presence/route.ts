export { present as POST } from '@/lib/http/routes/live-routes';
