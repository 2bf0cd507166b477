export { place as POST } from '@/lib/http/routes/placing-routes';
