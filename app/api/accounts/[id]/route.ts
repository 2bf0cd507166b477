export { deleteAccount as DELETE, editAccount as PATCH } from '@/lib/http/routes/accounts-route';
