export { readProgrammeCourse as GET } from '@/lib/http/routes/metrics-routes';
