export { erasePerson as POST } from '@/lib/http/routes/person-routes';
