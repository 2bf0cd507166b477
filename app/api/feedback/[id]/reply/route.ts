export { openedReply as POST, readReplyTo as GET } from '@/lib/http/routes/reply-routes';
