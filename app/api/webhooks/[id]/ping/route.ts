export { testWebhook as POST } from '@/lib/http/routes/webhook-routes';
