export { previewAlert as POST, previewAlerts as GET } from '@/lib/http/routes/alert-routes';
