export { checkAccountKey as POST } from '@/lib/http/accounts-route';
