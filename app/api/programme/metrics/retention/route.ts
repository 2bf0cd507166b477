export { readProgrammeRetention as GET } from '@/lib/http/routes/metrics-routes';
