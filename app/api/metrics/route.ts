export { metrics as GET } from '@/lib/http/own-routes';
