export { readJobItems as GET } from '@/lib/http/routes/job-routes';
