export { tryMailServer as POST } from '@/lib/http/routes/channel-routes';
