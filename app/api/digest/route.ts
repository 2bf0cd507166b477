export { readOwnDigest as GET, saveOwnDigest as PUT } from '@/lib/http/routes/digest-routes';
