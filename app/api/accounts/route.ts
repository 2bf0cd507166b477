export { createAccount as POST, readAccounts as GET } from '@/lib/http/accounts-route';
