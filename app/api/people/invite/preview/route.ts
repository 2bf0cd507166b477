export { readInvitePreview as POST } from '@/lib/http/people-routes';
