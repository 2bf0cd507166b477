export { createAccount as POST, readAccounts as GET } from '@/lib/http/routes/accounts-route';
