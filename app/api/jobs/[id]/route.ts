export { editJob as PATCH, readJob as GET } from '@/lib/http/routes/job-routes';
