export { previewExpiry as POST } from '@/lib/http/routes/programme-routes';
