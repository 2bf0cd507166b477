export { listFeedback as GET } from '@/lib/http/routes/inbox-routes';
