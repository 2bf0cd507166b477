export { lookAtOne as POST, readFreshness as GET } from '@/lib/http/routes/own-routes';
