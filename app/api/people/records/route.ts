export { editRecords as PATCH } from '@/lib/http/routes/tester-routes';
