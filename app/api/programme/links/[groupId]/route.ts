export { readLink as GET } from '@/lib/http/programme-routes';
