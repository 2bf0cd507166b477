export { metrics as GET } from '@/lib/http/routes/own-routes';
