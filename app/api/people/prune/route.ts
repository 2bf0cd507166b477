export { addPrune as POST } from '@/lib/http/people-routes';
