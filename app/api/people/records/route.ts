export { editRecords as PATCH } from '@/lib/http/tester-routes';
