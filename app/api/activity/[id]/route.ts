export { readActivityEntry as GET } from '@/lib/http/own-routes';
