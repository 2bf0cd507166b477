export { readBuildReadiness as GET } from '@/lib/http/routes/programme-routes';
