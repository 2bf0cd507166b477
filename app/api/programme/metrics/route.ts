export { readProgrammeMetrics as GET } from '@/lib/http/routes/metrics-routes';
