export { tryOwnChannel as POST } from '@/lib/http/routes/alert-routes';
