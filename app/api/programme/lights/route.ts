export { readLights as GET } from '@/lib/http/routes/health-routes';
