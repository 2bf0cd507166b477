export { readExpiry as GET } from '@/lib/http/routes/programme-routes';
