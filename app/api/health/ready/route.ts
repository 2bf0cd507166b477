export { ready as GET } from '@/lib/http/routes/own-routes';
