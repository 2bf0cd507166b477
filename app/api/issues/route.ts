export { listIssues as GET } from '@/lib/http/routes/inbox-routes';
