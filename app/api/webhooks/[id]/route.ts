export { changeWebhook as PUT, deleteWebhook as DELETE } from '@/lib/http/routes/webhook-routes';
