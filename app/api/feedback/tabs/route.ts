export { readTabs as GET } from '@/lib/http/routes/inbox-routes';
