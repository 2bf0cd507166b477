export { readFailedRows as GET } from '@/lib/http/routes/job-routes';
