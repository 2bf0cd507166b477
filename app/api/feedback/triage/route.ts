export { decide as POST } from '@/lib/http/routes/triage-routes';
