export { live as GET } from '@/lib/http/live';
