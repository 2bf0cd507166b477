export { readOverview as GET } from '@/lib/http/own-routes';
