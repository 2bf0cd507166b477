export { readActivity as GET } from '@/lib/http/routes/own-routes';
