export { receiveEvent as POST } from '@/lib/http/routes/webhook-routes';
