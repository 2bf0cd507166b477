export { readChannels as GET } from '@/lib/http/routes/channel-routes';
