export { live as GET } from '@/lib/http/core/live';
