export { addPrune as POST } from '@/lib/http/routes/people-routes';
