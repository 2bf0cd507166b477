export { search as GET } from '@/lib/http/routes/own-routes';
