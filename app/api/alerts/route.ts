export { createAlert as POST, readAlerts as GET } from '@/lib/http/routes/alert-routes';
