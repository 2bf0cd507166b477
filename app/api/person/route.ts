export { lookUpPerson as POST } from '@/lib/http/routes/person-routes';
