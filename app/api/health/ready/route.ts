export { ready as GET } from '@/lib/http/own-routes';
