export { readFailedRows as GET } from '@/lib/http/job-routes';
