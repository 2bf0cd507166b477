export { readJobItems as GET } from '@/lib/http/job-routes';
