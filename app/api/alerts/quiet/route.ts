export { setQuietHours as PUT } from '@/lib/http/routes/alert-routes';
