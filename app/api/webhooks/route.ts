export { addWebhooks as POST, readWebhooks as GET } from '@/lib/http/routes/webhook-routes';
