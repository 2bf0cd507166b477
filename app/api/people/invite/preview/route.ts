export { readInvitePreview as POST } from '@/lib/http/routes/people-routes';
