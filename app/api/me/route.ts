export { changeMyPassword as PATCH, readMe as GET } from '@/lib/http/routes/me-route';
