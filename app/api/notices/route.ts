export { listNotices as GET, markNotices as POST } from '@/lib/http/routes/triage-routes';
