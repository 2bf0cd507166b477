export { verifyTrail as GET } from '@/lib/http/own-routes';
