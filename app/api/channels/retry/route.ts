export { retryWaiting as POST } from '@/lib/http/routes/channel-routes';
