export { createExport as POST } from '@/lib/http/routes/hand-over-routes';
