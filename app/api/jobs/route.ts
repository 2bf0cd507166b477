export { readJobs as GET } from '@/lib/http/routes/job-routes';
