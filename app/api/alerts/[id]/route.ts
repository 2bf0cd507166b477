export { deleteAlert as DELETE, editAlert as PUT } from '@/lib/http/routes/alert-routes';
