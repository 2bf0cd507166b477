export { deleteReply as DELETE, editReply as PUT } from '@/lib/http/routes/reply-routes';
