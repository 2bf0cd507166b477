export { readStragglers as GET } from '@/lib/http/routes/adoption-routes';
