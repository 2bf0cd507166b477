export { createReply as POST, readReplies as GET } from '@/lib/http/routes/reply-routes';
