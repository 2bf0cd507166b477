export { readOverview as GET } from '@/lib/http/routes/own-routes';
