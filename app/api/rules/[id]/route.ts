export { deleteRule as DELETE, editRule as PUT } from '@/lib/http/routes/rule-routes';
