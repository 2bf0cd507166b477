export { sendOwnDigest as POST } from '@/lib/http/routes/digest-routes';
