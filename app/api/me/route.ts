export { changeMyPassword as PATCH, readMe as GET } from '@/lib/http/me-route';
