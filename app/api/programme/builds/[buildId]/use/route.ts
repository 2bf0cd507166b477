export { readBuildUse as GET } from '@/lib/http/routes/programme-routes';
