export { runRule as POST } from '@/lib/http/routes/rule-routes';
