export { readJobs as GET } from '@/lib/http/job-routes';
