export { search as GET } from '@/lib/http/own-routes';
