export { readReport as GET } from '@/lib/http/routes/triage-routes';
