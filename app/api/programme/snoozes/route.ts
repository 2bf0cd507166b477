export { readSnoozed as GET, snooze as POST, wake as DELETE } from '@/lib/http/routes/health-routes';
