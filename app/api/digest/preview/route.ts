export { previewOwnDigest as GET } from '@/lib/http/routes/digest-routes';
