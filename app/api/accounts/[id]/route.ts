export { deleteAccount as DELETE, editAccount as PATCH } from '@/lib/http/accounts-route';
