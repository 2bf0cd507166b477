export { readVariants as GET } from '@/lib/http/routes/placing-routes';
