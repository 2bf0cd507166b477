export { readLink as GET } from '@/lib/http/routes/programme-routes';
