export { addJob as POST, readJobs as GET } from '@/lib/http/routes/job-routes';
