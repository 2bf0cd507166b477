export { readActivity as GET } from '@/lib/http/own-routes';
