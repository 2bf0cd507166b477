export { readUploads as GET } from '@/lib/http/routes/programme-routes';
