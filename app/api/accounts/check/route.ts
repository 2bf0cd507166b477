export { checkAccountKey as POST } from '@/lib/http/routes/accounts-route';
