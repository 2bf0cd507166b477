export { readAdoption as GET } from '@/lib/http/routes/adoption-routes';
