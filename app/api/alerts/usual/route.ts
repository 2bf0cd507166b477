export { createUsualAlerts as POST } from '@/lib/http/routes/alert-routes';
