export { readColleagues as GET } from '@/lib/http/routes/inbox-routes';
