export { readAdoptionDevices as GET } from '@/lib/http/routes/adoption-routes';
