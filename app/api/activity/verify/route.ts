export { verifyTrail as GET } from '@/lib/http/routes/own-routes';
